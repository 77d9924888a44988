import TapestryTensors
import Testing

/// What NumPy 2.4 prints: np.array2string(x, precision=4) of the expression before each tensor.
struct PrintingTests {
  @Test(arguments: cases) func likeNumPy(_ test: PrintingCase) {
    #expect(test.tensor.description == test.expected, "\(test.numpy)")
  }

  @Test func debugDescriptionAddsTypeAndShape() {
    #expect(String(reflecting: Tensor([[1, 2]] as [[Float]])) == "float32 [1, 2]\n[[1. 2.]]")
  }

  /// NumPy's threshold: 1000 elements are printed whole.
  @Test func upToAThousandElementsAreAllThere() {
    let text = Tensor.full([2, 500], 7, .uint8).description
    #expect(text.count(where: { $0 == "7" }) == 1000 && !text.contains("..."))
  }

  /// A summary reads six positions of each axis and copies no more.
  @Test func summaryOfALargeView() {
    let x = Tensor.full([], 7, .uint8).expanded(to: [1 << 20, 1 << 20])
    #expect(x.description.hasPrefix("[[7 7 7 ... 7 7 7]\n [7 7 7"))
  }
}

struct PrintingCase: Sendable, CustomTestStringConvertible {
  let numpy: String, tensor: Tensor, expected: String
  init(_ numpy: String, _ tensor: Tensor, _ expected: String) {
    (self.numpy, self.tensor, self.expected) = (numpy, tensor, expected)
  }
  var testDescription: String { numpy }
}

private let cases: [PrintingCase] = [
  PrintingCase("np.float32([1, 2.5, -3])", Tensor([1, 2.5, -3] as [Float]), "[ 1.   2.5 -3. ]"),
  PrintingCase(
    "np.float64([[1, 20.25], [300.125, -4]])", Tensor([[1, 20.25], [300.125, -4]] as [[Double]]),
    """
    [[  1.     20.25 ]
     [300.125  -4.   ]]
    """),
  PrintingCase("np.float32([0.1, 1/3, 2/3])", Tensor([0.1, 1.0 / 3, 2.0 / 3] as [Float]), "[0.1    0.3333 0.6667]"),
  PrintingCase("np.float32([0.00001, 1])", Tensor([0.00001, 1] as [Float]), "[1.e-05 1.e+00]"),
  PrintingCase("np.float32([1, 1000])", Tensor([1, 1000] as [Float]), "[   1. 1000.]"),
  PrintingCase("np.float32([1, 1001])", Tensor([1, 1001] as [Float]), "[1.000e+00 1.001e+03]"),
  PrintingCase("np.float32([0.001, 1])", Tensor([0.001, 1] as [Float]), "[0.001 1.   ]"),
  PrintingCase("np.float64([0.0001, 0.01])", Tensor([0.0001, 0.01] as [Double]), "[0.0001 0.01  ]"),
  PrintingCase(
    "np.float64([1e100, -1e5, 12345.678])", Tensor([1e100, -1e5, 12345.678] as [Double]),
    "[ 1.0000e+100 -1.0000e+005  1.2346e+004]"),
  PrintingCase(
    "np.float64([5e-324, 1.7976931348623157e308])",
    Tensor([.leastNonzeroMagnitude, .greatestFiniteMagnitude] as [Double]), "[4.9407e-324 1.7977e+308]"),
  PrintingCase(
    "np.float32([1e-45, 3.4028235e38])", Tensor([.leastNonzeroMagnitude, .greatestFiniteMagnitude] as [Float]),
    "[1.4013e-45 3.4028e+38]"),
  PrintingCase("np.float32([1e-45, 1])[:1]", Tensor([Float.leastNonzeroMagnitude]), "[1.e-45]"),
  PrintingCase("np.float32([999999, 500000])", Tensor([999999, 500000] as [Float]), "[999999. 500000.]"),
  PrintingCase("np.float32([1000000, 500000])", Tensor([1_000_000, 500_000] as [Float]), "[1.e+06 5.e+05]"),
  PrintingCase("np.float64([99999999, 1e7])", Tensor([99_999_999, 1e7] as [Double]), "[99999999. 10000000.]"),
  PrintingCase("np.float64([1e8, 1e7])", Tensor([1e8, 1e7] as [Double]), "[1.e+08 1.e+07]"),
  PrintingCase(
    "np.float32([np.nan, 1, np.inf, -np.inf])", Tensor([.nan, 1, .infinity, -.infinity] as [Float]),
    "[ nan   1.  inf -inf]"),
  PrintingCase("np.float32([np.nan, 1.5])", Tensor([.nan, 1.5] as [Float]), "[nan 1.5]"),
  PrintingCase("np.float32([np.inf, np.nan])", Tensor([.infinity, .nan] as [Float]), "[inf nan]"),
  PrintingCase(
    "np.float64([np.inf, 1e-10, -2])", Tensor([.infinity, 1e-10, -2] as [Double]), "[    inf  1.e-10 -2.e+00]"),
  PrintingCase("np.float32([0, -0.0, 0])", Tensor([0, -0.0, 0] as [Float]), "[ 0. -0.  0.]"),
  PrintingCase("np.float64([0.99999, 1.5])", Tensor([0.99999, 1.5] as [Double]), "[1.  1.5]"),
  PrintingCase("np.float64([0.00005, 0.5])", Tensor([0.00005, 0.5] as [Double]), "[5.e-05 5.e-01]"),
  PrintingCase(
    "np.float64([0.03125, 0.09375, 2.00005])", Tensor([0.03125, 0.09375, 2.00005] as [Double]), "[0.0312 0.0938 2.    ]"
  ),
  PrintingCase("np.float32(7)", Tensor(7), "7."),
  PrintingCase("np.float64(-0.125)", Tensor(-0.125, .float64), "-0.125"),
  PrintingCase("np.int64(-5)", Tensor(-5, .int64), "-5"),
  PrintingCase("np.bool_(True)", Tensor(1, .bool), "True"),
  PrintingCase("np.float32(np.nan)", Tensor(Float.nan), "nan"),
  PrintingCase("np.float64(1e10)", Tensor(1e10, .float64), "1.e+10"),
  PrintingCase("np.array([True, False])", Tensor([true, false]), "[ True False]"),
  PrintingCase("np.array([False, False])", Tensor([false, false]), "[False False]"),
  PrintingCase(
    "np.int64([[1, -20], [300, 4]])", Tensor([[1, -20], [300, 4]]),
    """
    [[  1 -20]
     [300   4]]
    """),
  PrintingCase("np.int32([-2147483648, 0])", Tensor([Int32.min, 0]), "[-2147483648           0]"),
  PrintingCase("np.uint8([0, 255, 7])", Tensor([0, 255, 7] as [UInt8]), "[  0 255   7]"),
  PrintingCase("np.zeros((0, 3), np.float32)", Tensor.zeros([0, 3]), "[]"),
  PrintingCase("np.zeros((2, 0))", Tensor.zeros([2, 0], .float64), "[]"),
  PrintingCase("np.zeros(0)", Tensor.zeros([0]), "[]"),
  PrintingCase(
    "np.arange(24).reshape(2, 3, 4)", Tensor.arange(24).reshaped(2, 3, 4),
    """
    [[[ 0  1  2  3]
      [ 4  5  6  7]
      [ 8  9 10 11]]

     [[12 13 14 15]
      [16 17 18 19]
      [20 21 22 23]]]
    """),
  PrintingCase(
    "np.arange(16).reshape(2, 2, 2, 2)", Tensor.arange(16).reshaped(2, 2, 2, 2),
    """
    [[[[ 0  1]
       [ 2  3]]

      [[ 4  5]
       [ 6  7]]]


     [[[ 8  9]
       [10 11]]

      [[12 13]
       [14 15]]]]
    """),
  PrintingCase(
    "np.arange(40)", Tensor.arange(40),
    """
    [ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
     24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39]
    """),
  PrintingCase(
    "np.arange(60).reshape(2, 30)", Tensor.arange(60).reshaped(2, 30),
    """
    [[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
      24 25 26 27 28 29]
     [30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53
      54 55 56 57 58 59]]
    """),
  PrintingCase(
    "np.arange(1000)[980:]", Tensor.arange(1000)[980...],
    """
    [980 981 982 983 984 985 986 987 988 989 990 991 992 993 994 995 996 997
     998 999]
    """),
  PrintingCase("np.arange(1001)", Tensor.arange(1001), "[   0    1    2 ...  998  999 1000]"),
  PrintingCase(
    "np.arange(2000).reshape(2, 1000)", Tensor.arange(2000).reshaped(2, 1000),
    """
    [[   0    1    2 ...  997  998  999]
     [1000 1001 1002 ... 1997 1998 1999]]
    """),
  PrintingCase(
    "np.arange(10000).reshape(100, 100)", Tensor.arange(10000).reshaped(100, 100),
    """
    [[   0    1    2 ...   97   98   99]
     [ 100  101  102 ...  197  198  199]
     [ 200  201  202 ...  297  298  299]
     ...
     [9700 9701 9702 ... 9797 9798 9799]
     [9800 9801 9802 ... 9897 9898 9899]
     [9900 9901 9902 ... 9997 9998 9999]]
    """),
  PrintingCase(
    "np.arange(2400).reshape(2, 8, 150)", Tensor.arange(2400).reshaped(2, 8, 150),
    """
    [[[   0    1    2 ...  147  148  149]
      [ 150  151  152 ...  297  298  299]
      [ 300  301  302 ...  447  448  449]
      ...
      [ 750  751  752 ...  897  898  899]
      [ 900  901  902 ... 1047 1048 1049]
      [1050 1051 1052 ... 1197 1198 1199]]

     [[1200 1201 1202 ... 1347 1348 1349]
      [1350 1351 1352 ... 1497 1498 1499]
      [1500 1501 1502 ... 1647 1648 1649]
      ...
      [1950 1951 1952 ... 2097 2098 2099]
      [2100 2101 2102 ... 2247 2248 2249]
      [2250 2251 2252 ... 2397 2398 2399]]]
    """),
  PrintingCase(
    "np.arange(1200).reshape(200, 6)", Tensor.arange(1200).reshaped(200, 6),
    """
    [[   0    1    2    3    4    5]
     [   6    7    8    9   10   11]
     [  12   13   14   15   16   17]
     ...
     [1182 1183 1184 1185 1186 1187]
     [1188 1189 1190 1191 1192 1193]
     [1194 1195 1196 1197 1198 1199]]
    """),
  PrintingCase(
    "np.float32(np.arange(1500)) / 4", Tensor.arange(1500, .float32) / 4,
    "[0.0000e+00 2.5000e-01 5.0000e-01 ... 3.7425e+02 3.7450e+02 3.7475e+02]"),
  PrintingCase(
    "(np.arange(1400) * 0.37).reshape(7, 200).T", (Tensor.arange(1400, .float64) * 0.37).reshaped(7, 200).transposed(),
    """
    [[0.0000e+00 7.4000e+01 1.4800e+02 ... 2.9600e+02 3.7000e+02 4.4400e+02]
     [3.7000e-01 7.4370e+01 1.4837e+02 ... 2.9637e+02 3.7037e+02 4.4437e+02]
     [7.4000e-01 7.4740e+01 1.4874e+02 ... 2.9674e+02 3.7074e+02 4.4474e+02]
     ...
     [7.2890e+01 1.4689e+02 2.2089e+02 ... 3.6889e+02 4.4289e+02 5.1689e+02]
     [7.3260e+01 1.4726e+02 2.2126e+02 ... 3.6926e+02 4.4326e+02 5.1726e+02]
     [7.3630e+01 1.4763e+02 2.2163e+02 ... 3.6963e+02 4.4363e+02 5.1763e+02]]
    """),
  PrintingCase("np.arange(5.0)[::-1]", Tensor.arange(5, .float64).flipped(0), "[4. 3. 2. 1. 0.]"),
  PrintingCase(
    "np.float64([[1.5, np.nan], [-np.inf, 12345]])", Tensor([[1.5, .nan], [-.infinity, 12345]] as [[Double]]),
    """
    [[1.5000e+00        nan]
     [      -inf 1.2345e+04]]
    """),
  PrintingCase(
    "np.float32(np.arange(25)) * np.float32(123.456)", Tensor.arange(25, .float32) * Float(123.456),
    """
    [   0.     123.456  246.912  370.368  493.824  617.28   740.736  864.192
      987.648 1111.104 1234.56  1358.016 1481.472 1604.928 1728.384 1851.84
     1975.296 2098.752 2222.208 2345.664 2469.12  2592.576 2716.032 2839.488
     2962.944]
    """),
  PrintingCase(
    "np.arange(30) / 7 - 2", Tensor.arange(30, .float64) / 7 - 2,
    """
    [-2.     -1.8571 -1.7143 -1.5714 -1.4286 -1.2857 -1.1429 -1.     -0.8571
     -0.7143 -0.5714 -0.4286 -0.2857 -0.1429  0.      0.1429  0.2857  0.4286
      0.5714  0.7143  0.8571  1.      1.1429  1.2857  1.4286  1.5714  1.7143
      1.8571  2.      2.1429]
    """),
  PrintingCase(
    "np.arange(8).reshape(1, 1, 1, 1, 1, 2, 2, 2)", Tensor.arange(8).reshaped(1, 1, 1, 1, 1, 2, 2, 2),
    """
    [[[[[[[[0 1]
           [2 3]]

          [[4 5]
           [6 7]]]]]]]]
    """),
]
