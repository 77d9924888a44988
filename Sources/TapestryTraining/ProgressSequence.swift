import Foundation

/// Goes through `elements` with a bar in the terminal: how far, how fast, how long still, and values that the loop
/// shows. Nothing is written when the output is no terminal.
///
///     let bar = progress(digits.train.batches(of: 32, shuffled: true), "epoch \(epoch)")
///     for (images, labels) in bar {
///       …
///       bar.show(["loss": loss.item])
///     }
///
/// The total is the sequence's `underestimatedCount` if it has one (collections and batches do), or `total`.
public func progress<Elements: Sequence>(
  _ elements: Elements, _ title: String = "", total: Int? = nil, unit: String = "batches"
) -> ProgressSequence<Elements> {
  ProgressSequence(
    elements, title, total: total, unit: unit, interactive: Terminal.isInteractive, write: Terminal.write)
}

/// A sequence that shows how far its loop has come: see `progress`.
public struct ProgressSequence<Elements: Sequence>: Sequence {
  private let elements: Elements
  private let state: State
  private let begin: () -> Progress

  /// The loop that runs now.
  fileprivate final class State {
    var progress: Progress?
    var means: [(name: String, mean: RunningMean)] = []
    var shown: [(name: String, value: Double)] = []
  }

  package init(
    _ elements: Elements, _ title: String, total: Int?, unit: String, interactive: Bool,
    write: @escaping (String) -> Void
  ) {
    self.elements = elements
    state = State()
    let known = elements.underestimatedCount
    begin = {
      Progress(
        title, total: total ?? (known > 0 ? known : nil), unit: unit, interactive: interactive,
        write: interactive ? write : { _ in })
    }
  }

  /// That of the elements.
  public var underestimatedCount: Int { elements.underestimatedCount }

  /// Shows values beside the bar.
  public func show(_ values: KeyValuePairs<String, Double>) {
    for (name, value) in values { set(name, value) }
  }

  /// Shows the mean of what was given under this name since the loop began, `count` examples counting as many times.
  public func average(_ name: String, _ value: Double, count: Int = 1) {
    let i = state.means.firstIndex { $0.name == name } ?? state.means.count
    if i == state.means.count { state.means.append((name, RunningMean())) }
    state.means[i].mean.add(value, count: count)
    set(name, state.means[i].mean.value)
  }

  private func set(_ name: String, _ value: Double) {
    if let i = state.shown.firstIndex(where: { $0.name == name }) {
      state.shown[i].value = value
    } else {
      state.shown.append((name, value))
    }
    state.progress?.show(state.shown)
  }

  /// Begins a new line.
  public func makeIterator() -> Iterator { Iterator(elements.makeIterator(), state, begin()) }

  /// A class, because the line must end when a loop is broken off.
  public final class Iterator: IteratorProtocol {
    private var elements: Elements.Iterator
    private let state: State
    private var isFirst = true

    fileprivate init(_ elements: Elements.Iterator, _ state: State, _ progress: Progress) {
      self.elements = elements
      self.state = state
      state.progress = progress
      state.means = []
      state.shown = []
    }

    /// A step is done when the next element is asked for.
    public func next() -> Elements.Element? {
      if !isFirst { state.progress?.advance(state.shown) }
      isFirst = false
      if let element = elements.next() { return element }
      state.progress?.finish()
      state.progress = nil  // whoever asks once more makes no step
      return nil
    }

    deinit { state.progress?.finish() }
  }
}
