import Foundation
import TapestryTensors

/// A line that shows how far a long loop has come: in a terminal a bar that is redrawn in place with rate and time
/// left; piped, a plain line now and then.
///
///     var progress = Progress("training", total: 40, unit: "epochs")
///     for epoch in 1...40 {
///       …
///       progress.advance([("loss", loss), ("accuracy", accuracy)])
///     }
///     progress.finish()
public struct Progress {
  let title: String
  /// Nil where nobody knows.
  let total: Int?
  let unit: String
  private(set) var done = 0
  private var values: [(name: String, value: Double)] = []
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant?
  private var logged = 0  // the step of the last line of a log
  private let interactive: Bool
  private let write: (String) -> Void

  /// A loop of `total` steps, nil where nobody knows how many. Traps for a negative total.
  public init(_ title: String, total: Int?, unit: String = "steps") {
    self.init(title, total: total, unit: unit, interactive: Terminal.isInteractive, write: Terminal.write)
  }

  package init(_ title: String, total: Int?, unit: String, interactive: Bool, write: @escaping (String) -> Void) {
    if let total, total < 0 { fail("Progress: total cannot be negative, got \(total)") }
    self.title = title
    self.total = total
    self.unit = unit
    self.interactive = interactive
    self.write = write
    start = clock.now
  }

  /// One step further, with the values to show beside the bar.
  public mutating func advance(_ values: [(name: String, value: Double)] = []) {
    done += 1
    self.values = values
    let now = clock.now
    // A terminal is redrawn ten times a second; a log gets ten lines in all, evenly spaced, or one at 1, 2, 4, 8 …
    // where no total is known.
    if interactive {
      if done != total, let last = lastDrawn, now - last < .milliseconds(100) { return }
      write("\r\u{1B}[K" + line(Terminal.width - 1))
    } else {
      let every = max(1, (total ?? 0) / 10)
      if total == nil ? done & (done - 1) != 0 : done % every != 0 && done != total { return }
      write(line(nil) + "\n")
      logged = done
    }
    lastDrawn = now
  }

  /// Other values to show beside the bar, from the next redrawing on.
  mutating func show(_ values: [(name: String, value: Double)]) { self.values = values }

  /// Ends the line, drawn once more as it stands now; in a log, where the last step has no line yet, with one for it.
  public mutating func finish() {
    if interactive && lastDrawn != nil { write("\r\u{1B}[K" + line(Terminal.width - 1) + "\n") }
    if !interactive && done != logged { write(line(nil) + "\n") }
    lastDrawn = nil
    logged = done
  }

  /// The text, cut to `width` columns if given.
  package func line(_ width: Int?) -> String {
    let seconds = (clock.now - start) / .seconds(1)
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let width = width ?? .max
    let count =
      total.map { String(repeating: " ", count: max(0, String($0).count - String(done).count)) + "\(done)/\($0)" }
      ?? String(done)
    let shown = values.map { "  \($0.name) \(Self.number($0.value))" }.joined()
    let left = total.map { max(0, $0 - done) } ?? 0
    let time = left > 0 && rate > 0 ? "\(Self.duration(Double(left) / rate)) left" : Self.duration(seconds)
    let tail = "\(count) \(unit)\(shown)  \(String(format: rate < 10 ? "%.1f" : "%.0f", rate)) \(unit)/s  \(time)"
    let lead = title.isEmpty ? "" : title + "  "
    guard let total, width < .max else { return String((lead + tail).prefix(width)) }
    let room = width - lead.count - tail.count - 2
    let bar = room >= 8 ? Self.bar(Double(done) / Double(max(total, 1)), width: min(room, 30)) + "  " : ""
    return String((lead + bar + tail).prefix(width))
  }

  /// Four decimals, or an exponent where they would not show the value.
  package static func number(_ value: Double) -> String {
    String(format: value == 0 || (abs(value) >= 1e-3 && abs(value) < 1e6) || !value.isFinite ? "%.4f" : "%.3e", value)
  }

  /// A bar of eighths of a character.
  package static func bar(_ fraction: Double, width: Int) -> String {
    let eighths = Int((min(max(fraction, 0), 1) * Double(width * 8)).rounded())
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let filled = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    return filled + String(repeating: "·", count: width - (eighths + 7) / 8)
  }

  /// `12.3 s`, `4:05`, `27:00:01`
  package static func duration(_ seconds: Double) -> String {
    if seconds < 60 { return String(format: "%.1f s", seconds) }
    // An endless loop's rest may be more seconds than an Int holds.
    if !(seconds < 3.6e9) { return "over 1,000,000 hours" }
    let whole = Int(seconds.rounded())
    return whole < 3600
      ? String(format: "%d:%02d", whole / 60, whole % 60)
      : String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
  }
}
