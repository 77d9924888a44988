import TapestryAutograd
import TapestryNN
import TapestryTensors

/// What a model consists of and what one pass through it takes, computed from shapes alone. Print it for a table.
public struct Summary: Sendable, CustomStringConvertible {
  /// A module. Its figures are its own, without those of the modules inside it, so that rows add up to the total.
  public struct Row: Sendable {
    /// The module's name in the model, "" for the model itself.
    public let path: String
    /// `Linear(784, 256)`
    public let type: String
    /// The shapes of what it returned when it was called first; empty for a module that was never called.
    public internal(set) var outputs: [Shape] = []
    /// How often it was called.
    public internal(set) var calls = 0
    /// Weights that it holds itself; tied ones count where they are found first.
    public internal(set) var parameters = 0
    /// Of these, frozen ones.
    public internal(set) var frozen = 0
    /// Bytes of its parameters.
    public internal(set) var parameterMemory = 0
    /// Bytes of its results in all calls, unless they share memory with what went in or with a result of a module
    /// inside.
    public internal(set) var activationMemory = 0
    /// Multiplications with addition in matrix products, for the whole batch.
    public internal(set) var multiplyAdds = 0
    /// Tied weights, frozen ones, modules at several places.
    public internal(set) var notes: [String] = []
    /// Other modules were called inside its call.
    public internal(set) var isContainer = false
  }

  /// Every module that was called, in order of the first call, then those with weights or without parts that never
  /// were.
  public internal(set) var rows: [Row] = []
  /// The type of the model.
  public let model: String
  /// What the model was called with.
  public internal(set) var inputs: [(shape: Shape, dtype: DType)] = []

  /// Bytes of the inputs.
  public var inputMemory: Int { inputs.reduce(0) { $0 + $1.shape.volume * $1.dtype.itemSize } }
  /// Weights of the whole model, each counted once.
  public var parameters: Int { rows.reduce(0) { $0 + $1.parameters } }
  /// Of these, frozen ones.
  public var frozenParameters: Int { rows.reduce(0) { $0 + $1.frozen } }
  /// Bytes of all parameters.
  public var parameterMemory: Int { rows.reduce(0) { $0 + $1.parameterMemory } }
  /// Bytes of the inputs and of all results of modules: what a training pass holds at least.
  public var activationMemory: Int { inputMemory + rows.reduce(0) { $0 + $1.activationMemory } }
  /// Multiplications with addition in the matrix products of one pass forward.
  public var multiplyAdds: Int { rows.reduce(0) { $0 + $1.multiplyAdds } }

  /// The table, a line for each module.
  public var description: String {
    var table = Table([
      ("layer", .left), ("type", .left), ("output", .left), ("parameters", .right), ("memory", .right),
      ("activations", .right), ("multiply-adds", .right),
      ("", .left),
    ])
    func number(_ n: Int) -> String { n == 0 ? "–" : grouped(n) }
    func bytes(_ n: Int) -> String { n == 0 ? "–" : formatBytes(n) }
    func add(_ path: String, _ type: String, _ output: String, _ row: Row) {
      let figures = [
        number(row.parameters), bytes(row.parameterMemory), bytes(row.activationMemory), number(row.multiplyAdds),
      ]
      table.add([path, type, output] + figures + [row.notes.joined(separator: ", ")])
    }
    for input in inputs {
      table.add([
        "input", "\(input.dtype)", "\(input.shape)", "–", "–", bytes(input.shape.volume * input.dtype.itemSize), "–",
        "",
      ])
    }
    // A container with nothing of its own only repeats its last layer.
    for row in rows where !(row.isContainer && row.isEmpty) {
      add(row.path.isEmpty ? "(model)" : row.path, row.type, row.outputs.map(\.description).joined(separator: " "), row)
    }
    table.addRule()
    table.add([
      "total", model, "", grouped(parameters), formatBytes(parameterMemory), formatBytes(activationMemory),
      grouped(multiplyAdds), "",
    ])
    let frozen = frozenParameters
    return table.text + (frozen == 0 ? "" : "\n\(grouped(frozen)) of the \(grouped(parameters)) parameters are frozen")
  }
}

extension Summary.Row {
  /// Nothing but what the modules inside have.
  var isEmpty: Bool { parameters == 0 && activationMemory == 0 && multiplyAdds == 0 && notes.isEmpty }
}

extension Layer {
  /// A table of the layers: output shape, parameters, parameter memory, activation memory and multiply-adds for an
  /// input of this shape, batch included.
  ///
  ///     print(model.summary(input: [32, 784]))
  ///     print(languageModel.summary(input: [32, 128], dtype: .int64))      // tokens for an Embedding
  ///
  /// `dtype` is the type of the input, float32 unless said otherwise; parameters count with the types that they have. A
  /// model that takes several inputs says itself how it is called: `model.summary { _ = $0(x, memory: y) }`. A mistake in
  /// shapes ends the program with the path of the layer; `dryRun` throws it instead. Computed dry from shapes, on a copy of the model in the mode that it is in.
  public func summary(input: Shape, dtype: DType = .float32) -> Summary { summary { _ = $0(.zeros(input, dtype)) } }
}

extension Module {
  /// The same for a model that takes other inputs: `model.summary { _ = $0(x, memory: y) }`. Tensors made inside the
  /// closure cost nothing.
  public func summary(_ call: (Self) -> Void) -> Summary {
    let copy = copy()
    let recorder = SummaryRecorder(copy)
    Dry.run { noGrad { observe(copy, recorder.see) { call(copy) } } }
    return recorder.finish()
  }
}
