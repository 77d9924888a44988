import Foundation

/// The command line.
struct Options {
  var command = ""
  var only: Set<String> = []
  var seconds = 1.0
  var threads: Int?

  init(_ arguments: some Sequence<String>) {
    var rest = Array(arguments)
    func value(_ name: String) -> String {
      if rest.isEmpty { Options.stop("\(name) needs a value") }
      return rest.removeFirst()
    }
    while !rest.isEmpty {
      let argument = rest.removeFirst()
      switch argument {
      case "--only": only = Set(value(argument).split(separator: ",").map(String.init))
      case "--seconds":
        guard let number = Double(value(argument)), number > 0 else {
          Options.stop("--seconds needs a positive number")
        }
        seconds = number
      case "--threads":
        guard let number = Int(value(argument)), number > 0 else { Options.stop("--threads needs a positive number") }
        threads = number
      case "products", "accuracy", "optimizers", "memory", "machine", "list": command = argument
      default: Options.stop("unknown argument \(argument)")
      }
    }
  }

  static func stop(_ message: String) -> Never {
    let usage =
      """
      usage: Benchmarks [products | accuracy | optimizers | memory | machine | list] [--only NAME,NAME] [--seconds S] \
      [--threads N]
      """
    FileHandle.standardError.write(Data("Benchmarks: \(message)\n\(usage)\n".utf8))
    exit(2)
  }
}
