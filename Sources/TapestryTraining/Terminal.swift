import Foundation

/// Where progress goes: whether standard output is a terminal that can be rewritten, and how wide it is.
enum Terminal {
  static let isInteractive: Bool = isatty(1) != 0 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Whether it shows colors and its user wants them (https://no-color.org).
  static let hasColors: Bool = isInteractive && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// Columns; 80 where nobody says.
  static var width: Int {
    var size = winsize()
    return ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Through print, so that the order of what a program prints stays.
  static func write(_ text: String) {
    print(text, terminator: "")
    fflush(nil)
  }
}
