import TapestryData
import TapestryTensors
import TestSupport
import Testing

struct CSVCategoriesTests {
  private let text = "city,n\nBern, 1\n Basel ,2\n\"Bern\",3\nChur,4"

  @Test func oneHotOfTheTrainingPartsCategories() throws {
    let table = try CSV.load(text: text), cities = try table.classes(of: "city")
    let ones = try table.oneHot("city", categories: cities)
    #expect(ones.dtype == .float32 && ones.shape == [4, 3])
    #expect(
      ones.cast(to: .float64).array(Double.self)
        == scikit(
          "sklearn.preprocessing.OneHotEncoder().fit_transform([['Bern'], ['Basel'], ['Bern'], ['Chur']]).toarray()",
          [0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]))
    // In the order that is given, whatever this part has.
    let part = try table.subset([1]).oneHot("city", categories: ["Chur", "Basel", "Zug"], .float64)
    #expect(part.array(Double.self) == [0, 1, 0])
    #expect(try table.subset([]).oneHot("city", categories: cities).shape == [0, 3])
  }

  @Test func whatTheTrainingPartHadNot() throws {
    let table = try CSV.load(text: "city,n\nBern,1\nGenf,2\n,3")
    expectError(
      "CSV, line 3, column 1: \"city\": \"Genf\" is none of the categories Basel, Bern; unknown: .zeros makes zeros of it"
    ) {
      _ = try table.oneHot("city", categories: ["Basel", "Bern"])
    }
    expectError(
      """
      CSV, line 4, column 1: "city": the value is missing; unknown: .zeros makes zeros of it, droppingMissing() leaves \
      such records out
      """
    ) { _ = try table.subset([0, 2]).oneHot("city", categories: ["Basel", "Bern"]) }
    expectError("CSV: there is no column \"town\"; the columns are [\"city\", \"n\"]") {
      _ = try table.oneHot("town", categories: ["Bern"])
    }
    let many = (0..<20).map { "c\($0)" }
    let error = #expect(throws: DataError.self) { try table.oneHot("city", categories: many) }
    #expect(error!.description.contains("c10, c11 and 8 more"))
    let zeros = try table.oneHot("city", categories: ["Basel", "Bern"], unknown: .zeros)
    #expect(
      zeros.cast(to: .float64).array(Double.self)
        == scikit(
          "sklearn.preprocessing.OneHotEncoder(categories=[['Basel', 'Bern']], handle_unknown='ignore').fit_transform([['Bern'], ['Genf'], [None]]).toarray()",
          [0, 1, 0, 0, 0, 0]))
  }

  private static let mistakes: [Mistake] = [
    Mistake("oneHot: needs at least one category of \"a\"") {
      _ = try CSV.load(text: "a\n1").oneHot("a", categories: [])
    },
    Mistake("oneHot: the categories of \"a\" name \"x \" twice") {
      _ = try CSV.load(text: "a\n1").oneHot("a", categories: ["x", "x "])
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }

  /// A list of names goes through a file's metadata as JSON, whatever the names hold.
  @Test func listsInMetadata() throws {
    var metadata = Safetensors.Metadata()
    let names = ["ja, nein", "\"quoted\"", "\u{e9}", "e\u{301}", "line\nbreak", ""]
    metadata[list: "classes"] = names
    metadata[list: "none"] = []
    metadata["text"] = "plain"
    metadata["numbers"] = "[1, \"two\"]"
    let file = try Safetensors.load(bytes: Safetensors.bytes([:], metadata: metadata))
    let read = try #require(file.metadata[list: "classes"])
    #expect(read.map { Array($0.utf8) } == names.map { Array($0.utf8) })
    #expect(file.metadata[list: "none"] == [])
    #expect(
      file.metadata[list: "text"] == nil && file.metadata[list: "numbers"] == nil && file.metadata[list: "x"] == nil)
    metadata[list: "classes"] = nil
    #expect(metadata["classes"] == nil && metadata.count == 3)
  }
}
