import TapestryTensors
import TapestryTraining
import TestSupport
import Testing

struct LearningCurvesTests {
  private func curves(_ values: [Double]) -> LearningCurves {
    var curves = LearningCurves("loss")
    for value in values { curves.add(["training": value]) }
    return curves
  }

  /// The drawing alone, without the table.
  private func drawing(_ curves: LearningCurves, _ width: Int, _ height: Int, plain: Bool = true) -> String {
    curves.plot(width: width, height: height, plain: plain).split(separator: "\n\n").first.map(String.init) ?? ""
  }

  /// 17 columns: row 0 to row 1 in eight of them, row 1 to row 2 in eight more; each half belongs to a row.
  @Test func aLine() {
    #expect(
      curves([2, 1, 0]).plot(width: 20, height: 3, plain: true) == """
        loss
        2 ┤****
        1 ┤    ********
        0 ┤            *****
          └─────────────────
           1     epoch     3

          series    first  last  lowest  in epoch  highest  in epoch
          ───────────────────────────────────────────────────────────
        * training      2     0       0         3        2          1
        """)
  }

  @Test func severalSeriesHaveMarksOfTheirOwn() {
    var curves = LearningCurves()
    for step in 1...4 {
      curves.add(["training": 4 - Double(step)])
      if step == 4 { curves.add(["training": 0, "validation": 3]) }
    }
    let text = curves.plot(width: 20, height: 4, plain: true)
    // A series may begin later.
    #expect(text.split(separator: "\n")[0] == "3 ┤**              o")
    #expect(
      text.hasSuffix(
        """

          series      first  last  lowest  in epoch  highest  in epoch
          ─────────────────────────────────────────────────────────────
        * training        3     0       0         4        3          1
        o validation      3     3       3         5        3          5
        """))
    #expect(curves["training"] == [3, 2, 1, 0, 0] && curves["validation"] == [3] && curves["other"].isEmpty)
    // Values that come now and then are joined.
    var rare = LearningCurves()
    for step in 1...5 { rare.add(step % 2 == 1 ? ["a": 1, "b": 0] : ["a": 1]) }
    #expect(drawing(rare, 20, 2).split(separator: "\n")[1] == "0 ┤ooooooooooooooooo")
  }

  /// Steps 3 and 4 lie in columns 13 and 19.5 of 0 … 26, their values in rows 0 and 2.
  @Test func linesBreakAtWhatIsNoNumber() {
    #expect(
      curves([1, .nan, 3, 2, .infinity]).plot(width: 30, height: 5, plain: true) == """
        loss
        3 ┤             **
          │               ****
        2 ┤                   **
          │
        1 ┤*
          └───────────────────────────
           1          epoch          5

          series    first  last  lowest  in epoch  highest  in epoch
          ────────────────────────────────────────────────────────────────────────────────────────────────
        * training      1   inf       1         1        3          3  2 NaN or infinite, first in epoch 2
        """)
    #expect(
      curves([.nan, .nan]).plot(width: 30, plain: true) == """
          series    first  last  lowest  highest
          ───────────────────────────────────────────────────────────────────────────
        * training    nan   nan       –        –  2 NaN or infinite, first in epoch 1
        """)
    #expect("\(LearningCurves())" == "LearningCurves: no values yet")
  }

  @Test func oneValueLiesInTheMiddle() {
    #expect(
      drawing(curves([0.25]), 20, 3) == """
        loss
             │
        0.25 ┤*
             │
             └──────────────
              1 epoch
        """)
    #expect(drawing(curves([-7, -7]), 20, 3).split(separator: "\n")[2] == "-7 ┤****************")
    // The largest numbers do not overflow.
    let large = drawing(curves([-1.7e308, 1.7e308]), 20, 3)
    #expect(large.contains(" 1.7e+308 ┤       **\n        0 ┤   ****\n-1.7e+308 ┤***"))
  }

  /// 14 columns of 2 × 4 dots; of eight rows the middle is the fifth, the first of the second character, ⠉. The second
  /// series has one dot, in the last column, which has its color.
  @Test func brailleInColors() {
    var curves = curves([0.25, 0.25])
    let row = String(repeating: "\u{1B}[34m⠉\u{1B}[0m", count: 14)
    #expect(
      drawing(curves, 20, 2, plain: false) == """
        loss
             │
        0.25 ┤\(row)
             └──────────────
              1   epoch    2
        """)
    curves.add(["training": 0.25, "validation": 0.25])
    let text = curves.plot(width: 20, height: 2, plain: false)
    #expect(text.contains("\u{1B}[34m⠉\u{1B}[0m\u{1B}[33m⠉\u{1B}[0m\n"))
    #expect(text.contains("\n\u{1B}[34m●\u{1B}[0m training ") && text.contains("\n\u{1B}[33m●\u{1B}[0m validation "))
  }

  /// A diagonal of eight dots: ⠑ has dots 1 and 5, ⢄ 3 and 8 of the left and the right column …
  @Test func diagonals() {
    // 34 × 8 dots for 34 steps would be steep; of 8 rows and 8 columns each dot is one step on.
    var curves = LearningCurves()
    for step in 0..<34 { curves.add(["a": step < 8 ? Double(7 - step) : 0]) }
    let rows = drawing(curves, 20, 2, plain: false).replacing("\u{1B}[34m", with: "").replacing("\u{1B}[0m", with: "")
      .split(separator: "\n")
    #expect(rows[0] == "7 ┤⠑⢄" && rows[1] == "0 ┤  ⠑⢄⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀")
  }

  /// A step among thousands is seen, and nothing is wider than asked for.
  @Test func manySteps() {
    let long = curves((0..<5000).map { $0 == 2500 ? 9 : 1 })
    for plain in [true, false] {
      let rows = drawing(long, 40, 6, plain: plain).replacing("\u{1B}[34m", with: "").replacing("\u{1B}[0m", with: "")
        .split(separator: "\n")
      #expect(rows.allSatisfy { $0.count <= 40 } && rows[1].count > 20, "\(rows)")
    }
    #expect(long.description.split(separator: "\n")[0] == "loss")
  }

  private static let mistakes: [Mistake] = [
    Mistake("LearningCurves: plot needs at least 20 × 2 characters, got 10 × 12") {
      _ = LearningCurves().plot(width: 10)
    },
    Mistake("LearningCurves: plot needs at least 20 × 2 characters, got 40 × 1") {
      _ = LearningCurves().plot(width: 40, height: 1)
    },
    Mistake("LearningCurves: two values are called \"a\" in one step") {
      var curves = LearningCurves()
      curves.add(["a": 1, "a": 2])
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
