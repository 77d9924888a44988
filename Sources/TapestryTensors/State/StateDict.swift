/// Tensors by name: what a model, an optimizer, a schedule or a generator goes on from, in PyTorch's names and layouts.
/// Names differ where their bytes do.
public struct StateDict: Sendable, RandomAccessCollection {
  /// In the order in which they were put in.
  public private(set) var entries: [(name: String, tensor: Tensor)]
  private var places: [Name: Int]

  /// In this order; of two with one name the later counts.
  public init(_ entries: [(name: String, tensor: Tensor)] = []) {
    self.entries = []
    places = [:]
    for (name, tensor) in entries { self[name] = tensor }
  }

  /// Sorted by name.
  public init(_ tensors: [String: Tensor]) {
    self.init(tensors.sorted { Name($0.key) < Name($1.key) }.map { ($0.key, $0.value) })
  }

  /// The names in order.
  public var names: [String] { entries.map(\.name) }
  /// 0
  public var startIndex: Int { 0 }
  /// The number of tensors.
  public var endIndex: Int { entries.count }
  /// Number i, from 0.
  public subscript(_ i: Int) -> (name: String, tensor: Tensor) { entries[i] }

  /// The tensor of this name, or nil.
  public subscript(_ name: String) -> Tensor? {
    get { places[Name(name)].map { entries[$0].tensor } }
    set {
      if let newValue {
        if let i = places[Name(name)] { return entries[i].tensor = newValue }
        places[Name(name)] = entries.count
        entries.append((name, newValue))
      } else if places[Name(name)] != nil {
        self = StateDict(entries.filter { Name($0.name) != Name(name) })
      }
    }
  }
}

extension StateDict {
  /// The part whose names begin with `prefix` and a point, without it.
  public func part(_ prefix: String) -> StateDict {
    let prefix = "\(prefix).".utf8
    return StateDict(
      entries.filter { $0.name.utf8.starts(with: prefix) }.map {
        (String(decoding: $0.name.utf8.dropFirst(prefix.count), as: UTF8.self), $0.tensor)
      })
  }

  /// Takes all of `part` in, under `prefix` and a point.
  public mutating func add(_ part: StateDict, under prefix: String) {
    for (name, tensor) in part { self["\(prefix).\(name)"] = tensor }
  }
}

extension StateDict: CustomStringConvertible {
  /// A line for each tensor: its name, type and shape.
  public var description: String {
    entries.map { "\($0.name) \($0.tensor.dtype) \($0.tensor.shape)" }.joined(separator: "\n")
  }
}
