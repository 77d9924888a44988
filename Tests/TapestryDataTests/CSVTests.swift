import TapestryData
import TapestryTensors
import Testing

struct CSVTests {
  static let flowers = """
    length,width,species
    5.1,3.5,setosa
    6.3, 2.9 ,virginica
    4.9,3,setosa
    """

  private func cells(_ table: CSV) -> [[String?]] {
    (0..<table.count).map { row in table.columns.map { table[row, $0] } }
  }

  // Reading

  @Test func quotesLineBreaksAndEmptyLines() throws {
    // csv.reader of Python gives these records.
    let table = try CSV.load(text: "a,\"b \"\"x\"\"\",c\r\n1,\"two\nlines\",\r\n\"\",é,\"3,4\"\n\n5,6,7")
    #expect(table.columns == ["a", "b \"x\"", "c"])
    #expect(cells(table) == [["1", "two\nlines", nil], [nil, "é", "3,4"], ["5", "6", "7"]])
  }

  @Test func everyLineEndGivesTheSameTable() throws {
    for end in ["\n", "\r\n", "\r"] {
      let table = try CSV.load(text: ["a,b", "1,2", "3,4"].joined(separator: end) + end)
      #expect(cells(table) == [["1", "2"], ["3", "4"]], "\(end.debugDescription)")
    }
  }

  @Test func headersDelimitersAndMarks() throws {
    let table = try CSV.load(text: "1;2,5\n3;?", delimiter: ";", header: false, missing: ["?"])
    #expect(table.columns == ["0", "1"])
    #expect(cells(table) == [["1", "2,5"], ["3", nil]])
    #expect(try CSV.load(bytes: [0xef, 0xbb, 0xbf] + Array("a\n1".utf8)).columns == ["a"])
    #expect(try CSV.load(text: "a,b\n").count == 0)
    #expect(cells(try CSV.load(text: "a\tb\n1\tNA", delimiter: "\t")) == [["1", nil]])
  }

  @Test func filesPlainAndCompressed() throws {
    let text = try withFile("f.csv", Array(Self.flowers.utf8)) { try CSV.load($0.path) }
    #expect(text.count == 3)
    // gzip.compress(b"a,b\n1,2\n")
    let compressed = bytes(base64: "H4sIAAAAAAACA0vUSeIy1DHiAgB7B5cKCAAAAA==")
    #expect(cells(try withFile("f.csv.gz", compressed) { try CSV.load($0) }) == [["1", "2"]])
    #expect(cells(try CSV.load(bytes: compressed)) == [["1", "2"]])
  }

  // To tensors

  @Test func classification() throws {
    let table = try CSV.load(text: Self.flowers)
    let all = try table.examples(label: "species")
    #expect(all.inputs.shape == [3, 2])
    #expect(all.inputs.dtype == .float32)
    #expect(all.inputs.array(Float.self) == [5.1, 3.5, 6.3, 2.9, 4.9, 3])
    #expect(all.labels.dtype == .int64)
    #expect(all.labels.array(Int.self) == [0, 1, 0])
    #expect(try table.classes(of: "species") == ["setosa", "virginica"])
    let some = try table.examples(
      features: ["width"], label: "species", classes: ["virginica", "versicolor", "setosa"], .float64)
    #expect(some.inputs.array(Double.self) == [3.5, 2.9, 3])
    #expect(some.labels.array(Int.self) == [2, 0, 2])
  }

  @Test func regression() throws {
    let table = try CSV.load(text: "price,area,rooms\n1e2,50,2\n-3.5,70,3\n")
    let all = try table.examples(target: "price")
    #expect(all.inputs.array(Float.self) == [50, 2, 70, 3])
    #expect(all.labels.shape == [2, 1])
    #expect(all.labels.array(Float.self) == [100, -3.5])
    #expect(try table.examples(features: ["rooms"], target: "price").inputs.array(Float.self) == [2, 3])
    #expect(try table.numbers(["rooms", "price"], .float64).array(Double.self) == [2, 100, 3, -3.5])
  }

  @Test func printing() throws {
    let table = try CSV.load(text: "price,area\n100,50\n3,70\n")
    #expect("\(table)" == "CSV: 2 records of price, area")
    #expect("\(try table.examples(target: "price"))" == "Examples(inputs: float32 [2, 1], labels: float32 [2, 1])")
  }

  @Test func classesThatAreNumbersGoBySize() throws {
    let table = try CSV.load(text: "y\n10\n9\n-1\n9")
    #expect(try table.classes(of: "y") == ["-1", "9", "10"])
    #expect(try table.classIndices("y").array(Int.self) == [2, 1, 0, 1])
  }

  @Test func missingValues() throws {
    let table = try CSV.load(text: "a,b,y\n1,,p\n,2,q\n3,4,p\nNA,6,q")
    #expect(try table.numbers(["a", "b"], missing: .value(-1)).array(Float.self) == [1, -1, -1, 2, 3, 4, -1, 6])
    #expect(try table.numbers(["a", "b"], missing: .mean).array(Float.self) == [1, 4, 2, 2, 3, 4, 2, 6])
    let whole = try table.droppingMissing()
    #expect(cells(whole) == [["3", "4", "p"]])
    #expect(
      try table.droppingMissing(in: ["b"]).examples(features: ["b"], label: "y").labels.array(Int.self) == [1, 0, 1])
    #expect(try table.examples(label: "y", missing: .mean).inputs.array(Float.self) == [1, 4, 2, 2, 3, 4, 2, 6])
    #expect(
      try table.examples(features: ["b"], label: "y", missing: .value(9)).inputs.array(Float.self) == [9, 2, 4, 6])
    #expect(
      try table.droppingMissing(in: ["a"]).examples(features: ["b"], target: "a", missing: .mean).inputs.array(
        Float.self) == [4, 4])
    // What is to be predicted is never made up.
    #expect(throws: DataError.self) { try table.examples(features: ["b"], target: "a", missing: .mean) }
    expectError(
      """
      CSV, line 3, column 1: \"a\": the value is missing; missing: .mean fills in its column's mean, \
      droppingMissing() leaves such records out
      """
    ) {
      _ = try table.examples(label: "y")
    }
    // A line is still that of the file after others were dropped.
    expectError(
      """
      CSV, line 4, column 3: \"y\": \"p\" is no number; name the columns of numbers as features:, or make indices of \
      this one with classIndices
      """
    ) { _ = try whole.numbers() }
  }

  // Faults

  @Test func faultsOfTheText() {
    expectError("CSV, line 2, column 3: two columns are called \"x\"; give them different names") {
      _ = try CSV.load(text: "\nx,y,x\n1,2,3")
    }
    expectError("CSV: the file is empty") { _ = try CSV.load(text: "\n\n") }
    expectError("CSV, line 4: this record has 1 field, the first line 2; quote fields that hold a delimiter") {
      _ = try CSV.load(text: "a,b\n\"x\ny\",2\n3\n")
    }
    // Lines count whatever ends them, inside of quotes too.
    for end in ["\n", "\r\n", "\r"] {
      expectError("CSV, line 6: this record has 1 field, the first line 2; quote fields that hold a delimiter") {
        _ = try CSV.load(text: ["a,b", "\"x", "", "y\",2", "3,4", "5", "6,7"].joined(separator: end))
      }
    }
    expectError("CSV, line 2, column 2: the quote that opens this field is never closed") {
      _ = try CSV.load(text: "a,b\n1,\"2\n3,4\n")
    }
    expectError("CSV, line 2, column 1: something follows the closing quote of a field; double the quotes inside it") {
      _ = try CSV.load(text: "a,b\n\"x\"y,2\n")
    }
    expectError(
      """
      CSV, line 3, column 2: a quote stands inside a field that does not begin with one; quote the whole field and \
      double the quotes in it
      """
    ) { _ = try CSV.load(text: "a,b\r\n1,2\r\n3,5\" wide\r\n") }
    expectError("CSV, line 2, column 2: the text is not UTF-8; convert the file") {
      _ = try CSV.load(bytes: Array("a,b\n1,".utf8) + [0xe9])
    }
  }

  @Test func faultsOfTheValues() throws {
    let table = try CSV.load(text: Self.flowers)
    expectError(
      """
      CSV, line 2, column 3: \"species\": \"setosa\" is no number; name the columns of numbers as features:, or make \
      indices of this one with classIndices
      """
    ) { _ = try table.examples(target: "length") }
    expectError("CSV: there is no column \"Species\"; the columns are [\"length\", \"width\", \"species\"]") {
      _ = try table.examples(label: "Species")
    }
    expectError("CSV, line 3, column 3: \"species\": \"virginica\" is none of the classes [\"setosa\"]") {
      _ = try table.examples(label: "species", classes: ["setosa"])
    }
    expectError(
      "CSV, line 2, column 1: \"x\": \"1e999\" is not finite; list it as a marker of missing values, or mend the file"
    ) {
      _ = try CSV.load(text: "x\n1e999").numbers()
    }
    expectError(
      "CSV: there is no column \"a\"; the columns are [\"a;b\"]; if \";\" separates the fields, pass it as delimiter:"
    ) {
      _ = try CSV.load(text: "a;b\n1;2").numbers(["a"])
    }
    expectError("CSV, column 1: no record has a value of \"x\" to take the mean of") {
      _ = try CSV.load(text: "x,y\n,1").numbers(missing: .mean)
    }
    try withFile("iris.csv", Array("x\nwide".utf8)) { file in
      expectError(
        """
        iris.csv, line 2, column 1: \"x\": \"wide\" is no number; name the columns of numbers as features:, or make \
        indices of this one with classIndices
        """
      ) { _ = try CSV.load(file).numbers() }
    }
  }

  @Test func everyCorruptionIsAnErrorOrATable() {
    let text = Array("a,b,y\r\n1,\"2\",\"p \"\"q\"\"\"\n-3,é,r\n".utf8)
    var tables = 0, errors = 0
    func read(_ bytes: [UInt8]) {
      do {
        let table = try CSV.load(bytes: bytes)
        tables += 1
        #expect(cells(table).allSatisfy { $0.count == table.columns.count })
        _ = try table.examples(label: table.columns.last!, missing: .value(0))
      } catch {
        errors += 1
      }
    }
    corruptions(of: text, truncated: read) { bytes, _ in read(bytes) }
    #expect(tables > 1000)
    #expect(errors > 1000)
  }

  @Test func wholeNumbersAreExact() throws {
    func read(_ text: String, _ dtype: DType) throws -> Tensor { try CSV.load(text: "x\n\(text)").numbers(nil, dtype) }
    #expect(
      try read("9007199254740993\n-9223372036854775808\n9223372036854775807\n 7 \n+3\n3.0\n1e3", .int64).array(Int.self)
        == [9_007_199_254_740_993, .min, .max, 7, 3, 3, 1000])
    // 2⁵³ + 1 and the ends of Int64 in every spelling, by decimal arithmetic: a Double holds none of them.
    let spellings: [(String, Int)] = [
      ("9007199254740993.0", 9_007_199_254_740_993), ("9007199254740993.", 9_007_199_254_740_993),
      ("+9007199254740993.000", 9_007_199_254_740_993),
      ("9.007199254740993e15", 9_007_199_254_740_993), ("9007199254740993000e-3", 9_007_199_254_740_993),
      ("-.9007199254740993E+16", -9_007_199_254_740_993),
      ("0009007199254740993e0", 9_007_199_254_740_993), (" 9007199254740993e00 ", 9_007_199_254_740_993),
      ("9223372036854775807.0", .max),
      ("922337203685477580.7e1", .max), ("-9.223372036854775808e18", .min), ("-9223372036854775808.00", .min),
      ("1e17", 100_000_000_000_000_000),
      ("0e99999999999999999999", 0), ("-0.0e-7", 0), ("2.50e1", 25), ("1000000000000000000000e-21", 1), (".5e1", 5),
    ]
    for (text, number) in spellings { #expect(try read(text, .int64).array(Int.self) == [number], "\(text)") }
    for text in [
      "9223372036854775808.0", "-9223372036854775809e0", "1e19", "1e99999999999999999999", "18446744073709551616.0",
      "92233720368547758070",
    ] {
      expectError(
        """
        CSV, line 2, column 1: \"x\": \"\(text)\" cannot be held exactly by int64, \(Int.min) … \(Int.max); ask for \
        another type
        """
      ) {
        _ = try read(text, .int64)
      }
    }
    for text in ["9007199254740992.5", "1e-1", "1e-99999999999999999999", "123456789012345678901234567890.5", "12e-1"] {
      expectError(
        "CSV, line 2, column 1: \"x\": \"\(text)\" is no whole number, which int64 needs; ask for .float32 or .float64"
      ) {
        _ = try read(text, .int64)
      }
    }
    #expect(try read("0\n255", .uint8).array(UInt8.self) == [0, 255])
    #expect(try read("1\n0", .bool).array(Bool.self) == [true, false])
    #expect(try read("-2147483648\n2147483647", .int32).array(Int32.self) == [.min, .max])
    expectError(
      "CSV, line 2, column 1: \"x\": \"3.7\" is no whole number, which int64 needs; ask for .float32 or .float64"
    ) { _ = try read("3.7", .int64) }
    expectError("CSV, line 2, column 1: \"x\": \"300\" cannot be held exactly by uint8, 0 … 255; ask for another type")
    { _ = try read("300", .uint8) }
    expectError("CSV, line 3, column 1: \"x\": \"2\" cannot be held exactly by bool, 0 … 1; ask for another type") {
      _ = try read("1\n2", .bool)
    }
    expectError("CSV, line 2, column 1: \"x\": \"1e300\" is beyond float32; ask for .float64") {
      _ = try read("1e300", .float32)
    }
    for (text, dtype) in [
      ("2147483648", DType.int32), ("-2147483649.0", .int32), ("9223372036854775808", .int64), ("-1", .uint8),
      ("256e0", .uint8), ("NaN1", .int64),
    ] {
      #expect(throws: DataError.self, "\(text) \(dtype)") { try read(text, dtype) }
    }
    #expect(try read("1e300", .float64).array(Double.self) == [1e300])
    // As Python, R and JavaScript write them.
    #expect(
      try read("True\nFalse\n TRUE\nFALSE\ntrue\nfalse\n1.0", .bool).array(Bool.self) == [
        true, false, true, false, true, false, true,
      ])
    #expect(throws: DataError.self) { try read("True", .int64) }
  }

  /// What a number is, for floating-point types too: the readers of C and Swift take all of the second list.
  @Test func numbersAreDecimal() throws {
    let numbers = ["5", "+5", "-0.50", ".5", "5.", "1e3", "1E+03", "25e-1", "007"],
      values = [5, 5, -0.5, 0.5, 5, 1000, 1000, 2.5, 7]
    #expect(
      try CSV.load(text: "x\n" + numbers.joined(separator: "\n")).numbers(nil, .float64).array(Double.self) == values)
    let others = [
      "0x10", "0x1p3", "-0X1", "nan(0x1)", "snan", "1e", "e5", ".", "+", "--1", "+-1", "1_000", "1 000", "1,5", "1.2.3",
      "1e2.0", "١", "infinit", "1f",
    ]
    for text in others {
      for dtype in [DType.float64, .int64] {
        let end =
          "is no number; name the columns of numbers as features:, or make indices of this one with classIndices"
        expectError("CSV, line 2, column 1: \"x\": \"\(text)\" \(end)") {
          _ = try CSV.load(text: "x\n\"\(text)\"").numbers(nil, dtype)
        }
      }
    }
    for text in ["inf", "-Infinity", "+INF", "+nan", "-NaN"] {
      expectError(
        """
        CSV, line 2, column 1: \"x\": \"\(text)\" is not finite; list it as a marker of missing values, or mend the \
        file
        """
      ) {
        _ = try CSV.load(text: "x\n\(text)").numbers()
      }
    }
    // Hexadecimal names are classes like others, not numbers to sort by.
    #expect(try CSV.load(text: "y\n0x9\n0x10\n8").classes(of: "y") == ["0x10", "0x9", "8"])
  }

  @Test func aFileWithoutAHeaderIsNotTakenForOneWithOne() throws {
    let hint = "so it may be no header; pass header: false if it is data, header: true if this is a column's name"
    for (text, number, column) in [
      ("5.1,3.5,setosa\n4.9,3,setosa", "5.1", 1), ("a,-1e3\nb,2", "-1e3", 2), ("\"7\"\n8", "7", 1),
      ("year, 2019 ,2020\n", "2019", 2),
    ] {
      expectError("CSV, line 1, column \(column): the first line has the number \"\(number)\", \(hint)") {
        _ = try CSV.load(text: text)
      }
      #expect(try CSV.load(text: text, header: true).columns.count == CSV.load(text: text, header: false).columns.count)
    }
    #expect(try CSV.load(text: "country,2019\nx,1", header: true).numbers(["2019"]).array(Float.self) == [1])
    #expect(try CSV.load(text: "1.5,2\n3,4", header: false).numbers().array(Float.self) == [1.5, 2, 3, 4])
    // names that only begin like numbers
    #expect(try CSV.load(text: "x1,2nd,v1.0,0x10,1e\n1,2,3,4,5").columns.count == 5)
  }

  @Test func measuredNumbersAreNoClasses() throws {
    let table = try CSV.load(text: "x,y,k,v\n1,2.5,1.0,2.0\n2,-3,2.0,2.5\n3,7,1.0,new")
    let message =
      "CSV, line 2, column 2: \"y\": \"2.5\" is a measured number, not a class; "
      + "for regression name the column as target:, or pass classes: to make classes of such numbers"
    expectError(message) { _ = try table.examples(features: ["x"], label: "y") }
    expectError(message) { _ = try table.classIndices("y") }
    #expect(try table.examples(features: ["x"], target: "y").labels.array(Float.self) == [2.5, -3, 7])
    #expect(try table.classIndices("y", classes: table.classes(of: "y")).array(Int.self) == [1, 0, 2])
    // whole numbers, as pandas writes them beside missing ones
    #expect(try table.classIndices("k").array(Int.self) == [0, 1, 0])
    #expect(try table.classIndices("v").array(Int.self) == [0, 1, 2])  // not all are numbers: names
  }

  /// "é" in one code point and in two: Python's dictionaries and pandas tell them apart, Swift's == does not.
  @Test func namesAndClassesAreComparedByBytes() throws {
    let (one, two) = ("\u{e9}", "e\u{301}")
    let table = try CSV.load(text: "\(one),\(two),y\n1,2,\(two)\n3,4,\(one)\n5,6,\(two)")
    #expect(try table.numbers([two]).array(Float.self) == [2, 4, 6])
    #expect(try table.numbers([one]).array(Float.self) == [1, 3, 5])
    // as Python sorts them
    #expect(try table.classes(of: "y").map { Array($0.utf8) } == [Array(two.utf8), Array(one.utf8)])
    #expect(try table.classIndices("y").array(Int.self) == [0, 1, 0])
    #expect(
      try table.examples(features: [two], target: one).inputs.shape == [3, 1]
        && table.droppingMissing(in: [two]).count == 3)
    expectError("CSV, line 1, column 2: two columns are called \"\(two)\"; give them different names") {
      _ = try CSV.load(text: "\(two),\(two)\n1,2")
    }
  }

  /// Files that other programs write: Python's csv module (csv.writer), NumPy's savetxt with a header, pandas' to_csv
  /// with its index, R's write.csv.
  @Test func filesOfOtherPrograms() throws {
    let python = try CSV.load(bytes: caseFile("python.csv"))
    #expect(python.columns == ["a", "b c", "q\"x", "é"])
    #expect(
      cells(python) == [
        ["1.5", nil, "True", "inf"], [nil, " x", "l\nf", "c\rr"],
        ["9007199254740993", "0.30000000000000004", "1e-300", "False"],
      ])
    #expect(cells(try CSV.load(text: "a\r\n\"\"\r\n\"\"\r\nx\r\n")) == [[nil], [nil], ["x"]])
    let numpy = try CSV.load(bytes: caseFile("numpy.csv"))
    #expect(numpy.columns == ["a", "b"])
    #expect(try numpy.numbers(missing: .value(0)).array(Float.self) == [1.5, 0, 2, -3])
    #expect(throws: DataError.self) { try CSV.load(bytes: caseFile("numpy-plain.csv")) }
    #expect(
      try CSV.load(bytes: caseFile("numpy-plain.csv"), header: false).numbers(nil, .int64).array(Int.self) == [2, -3])
    #expect(try CSV.load(bytes: caseFile("members.csv.gz")).numbers().array(Float.self) == [1, 2, 3, 4])
    #expect(try CSV.load(text: "#,#chrom\n1,2").columns == ["#", "#chrom"])
    let pandas = try CSV.load(text: ",age,name\n0,41.0,<NA>\n1,,Bo\n")
    #expect(pandas.columns == ["", "age", "name"] && pandas[0, "name"] == nil && pandas[1, "age"] == nil)
    #expect(try pandas.numbers([""], .int64).array(Int.self) == [0, 1])
    let r = try CSV.load(text: "\"\",\"len\",\"ok\"\n\"1\",4.2,TRUE\n\"2\",NA,FALSE\n")
    #expect(try r.numbers(["ok"], .bool).array(Bool.self) == [true, false] && r[1, "len"] == nil)
  }

  @Test func whatStandsForMissingNumbersMustFitToo() throws {
    let table = try CSV.load(text: "x,y\n1,2\nNA,3\n4,5")
    #expect(try table.numbers(missing: .value(-1), .int64).array(Int.self) == [1, 2, -1, 3, 4, 5])
    // a mean that nobody needs may be a fraction
    #expect(try table.numbers(["y"], missing: .mean, .uint8).array(UInt8.self) == [2, 3, 5])
    #expect(try table.numbers(["x"], missing: .value(.nan)).array(Float.self)[1].isNaN)
    expectError(
      """
      CSV, line 3, column 1: \"x\": the value is missing, and int64 cannot hold 2.5, which is to stand for it; ask \
      for another type
      """
    ) { _ = try table.numbers(missing: .mean, .int64) }
    #expect(throws: DataError.self) { try table.numbers(missing: .value(1e300)) }
    expectError("CSV, column 1: the numbers of \"x\" are too large to take their mean") {
      _ = try CSV.load(text: "x,y\n1e308,1\n1e308,1\n,1").numbers(missing: .mean, .float64)
    }
    // A mean of integers is exact, where Doubles on the way would make 2⁵³ of 2⁵³ + 1.
    let large = try CSV.load(
      text: "x,y\n9007199254740993,9007199254740993\n,0\n9007199254740993,0\n9007199254740993.0,")
    #expect(
      try large.numbers(["x"], missing: .mean, .int64).array(Int.self)
        == Array(repeating: 9_007_199_254_740_993, count: 4))
    #expect(try large.numbers(["y"], missing: .mean, .int64).array(Int.self).last == 3_002_399_751_580_331)
    expectError("CSV, column 1: the numbers of \"x\" are too large to take their mean") {
      _ = try CSV.load(text: "x,y\n9223372036854775807,1\n1,1\n,1").numbers(missing: .mean, .int64)
    }
    // A Double of 2⁵³ may have been rounded from 2⁵³ + 1 when it was written down.
    #expect(throws: DataError.self) { try table.numbers(missing: .value(9_007_199_254_740_992), .int64) }
    #expect(
      try table.numbers(missing: .value(-9_007_199_254_740_991), .int64).array(Int.self)[2] == -9_007_199_254_740_991)
  }

  @Test func spacesAroundNamesAndMarkersDoNotCount() throws {
    let table = try CSV.load(text: "a, b ,\" c \"\n1, NA,p\n 2 ,3, q \n\" NA\", ,p")
    #expect(table.columns == ["a", "b", " c "])
    #expect(table[0, "b"] == nil && table[2, "b"] == nil)
    // quotes keep their spaces, and other texts are what the file says
    #expect(table[2, "a"] == " NA" && table[1, " c "] == " q ")
    #expect(try table.classIndices(" c ", classes: [" p", "q "]).array(Int.self) == [0, 1, 0])
    expectError("CSV, line 1, column 2: two columns are called \"a\"; give them different names") {
      _ = try CSV.load(text: "a, a\n1,2")
    }
  }
}
