import TapestryAutograd

/// Every op: what is listed here is proven by the laws, and a test compares the list with the sources.
package let catalog: [Law] = [
  unaryTables.joined().map(\.law), binaryTables.joined().map(\.law), Losses.elementwise.map(\.law), own,
].flatMap { $0 }

private let own: [Law] = [
  Amax.law,
  Amin.law,
  Arithmetic.addition,
  Cast.law,
  Concatenate.law,
  Contiguous.law,
  CrossEntropyOp.law,
  CumulativeProduct.law,
  CumulativeSum.law,
  CustomOp.law,
  Diagonal.law,
  DiagonalEmbed.law,
  DropoutOp.law,
  EmbeddingOp.law,
  Expand.expansion,
  Flip.law,
  Gather.law,
  IndexAdd.law,
  IndexSelect.law,
  LayerNormOp.law,
  LinearOp.law,
  LogSumExp.law,
  Matmul.law,
  MaxPool2dOp.law,
  Mean.law,
  MeanSquaredError.law,
  NegativeLogLikelihood.law,
  Norm.law,
  Pad.law,
  Permute.law,
  Product.law,
  AlphaDropoutOp.law,
  RandomLeakyRelu.law,
  RMSNormOp.law,
  Recurrence.law,
  ReshapeOp.law,
  ScatterAdd.law,
  Slice.law,
  SoftmaxOp.law,
  Split.law,
  Stack.law,
  StandardDeviation.law,
  Subscript.law,
  SubscriptGradient.law,
  Sum.law,
  Triangle.law,
  Variance.law,
  Where.law,
]

private let unaryTables: [[UnaryRule]] = [
  Arithmetic.unary, Exponential.unary, Trigonometric.unary, Rounding.unary, Special.unary, Activation.unary,
  Rectifier.unary, Limits.unary,
]
private let binaryTables: [[BinaryRule]] = [Arithmetic.binary, Pairs.binary, Rectifier.binary]
