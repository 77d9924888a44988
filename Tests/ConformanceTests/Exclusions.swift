/// Modules and optimizers that PyTorch has and the library does not, with the reason (ops: OpExclusions.swift). Nothing
/// else is left out.
let exclusions: [String: String] = {
  var table: [String: String] = [:]
  func exclude(_ kind: String, _ reason: String, _ names: String) {
    for name in names.split(whereSeparator: \.isWhitespace) { table["\(kind)/\(name)"] = reason }
  }
  exclude(
    "modules", "later issue: convolution and pooling",
    """
    nn.Conv1d nn.Conv2d nn.Conv3d nn.ConvTranspose1d nn.ConvTranspose2d nn.ConvTranspose3d nn.LazyConv1d nn.LazyConv2d
    nn.LazyConv3d nn.LazyConvTranspose1d nn.LazyConvTranspose2d nn.LazyConvTranspose3d nn.Fold nn.Unfold nn.AvgPool1d
    nn.AvgPool2d nn.AvgPool3d nn.MaxPool1d nn.MaxPool2d nn.MaxPool3d nn.LPPool1d nn.LPPool2d nn.LPPool3d
    nn.AdaptiveAvgPool1d nn.AdaptiveAvgPool2d nn.AdaptiveAvgPool3d nn.AdaptiveMaxPool1d nn.AdaptiveMaxPool2d
    nn.AdaptiveMaxPool3d nn.FractionalMaxPool2d nn.FractionalMaxPool3d nn.MaxUnpool1d nn.MaxUnpool2d nn.MaxUnpool3d
    nn.CircularPad1d nn.CircularPad2d nn.CircularPad3d nn.ConstantPad1d nn.ConstantPad2d nn.ConstantPad3d
    nn.ReflectionPad1d nn.ReflectionPad2d nn.ReflectionPad3d nn.ReplicationPad1d nn.ReplicationPad2d nn.ReplicationPad3d
    nn.ZeroPad1d nn.ZeroPad2d nn.ZeroPad3d nn.ChannelShuffle nn.PixelShuffle nn.PixelUnshuffle nn.Upsample
    nn.UpsamplingBilinear2d nn.UpsamplingNearest2d
    """)
  exclude(
    "modules", "later issue: normalization over batches and groups",
    """
    nn.BatchNorm1d nn.BatchNorm2d nn.BatchNorm3d nn.InstanceNorm1d nn.InstanceNorm2d nn.InstanceNorm3d nn.GroupNorm
    nn.LocalResponseNorm nn.LazyBatchNorm1d nn.LazyBatchNorm2d nn.LazyInstanceNorm2d
    """)
  exclude(
    "modules", "later issue: recurrent networks", "nn.RNN nn.RNNCell nn.GRU nn.GRUCell nn.LSTM nn.LSTMCell nn.CTCLoss")
  exclude(
    "modules", "later issue: attention",
    """
    nn.MultiheadAttention nn.Transformer nn.TransformerDecoder nn.TransformerDecoderLayer nn.TransformerEncoder \
    nn.TransformerEncoderLayer
    """)
  exclude(
    "modules", "later issue: less common layers and losses",
    "nn.Bilinear nn.EmbeddingBag nn.AdaptiveLogSoftmaxWithLoss nn.LinearCrossEntropyLoss"
  )
  exclude("optimizers", "later issue: more optimizers", "ASGD Adadelta Adafactor Adamax LBFGS Muon NAdam RAdam Rprop")
  return table
}()
