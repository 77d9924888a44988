import ConformanceSupport
import Tapestry

let layerTable: [String: @Sendable (Arguments) throws -> CaseModule] = [
  "nn.Linear": {
    .layer(Linear(try $0.int("in_features"), try $0.int("out_features"), bias: try $0.bool("bias", true)))
  },
  "nn.LazyLinear": { .layer(LazyLinear(try $0.int("out_features"), bias: try $0.bool("bias", true))) },
  "nn.Identity": { _ in .layer(Identity()) },
  "nn.Flatten": { .layer(Flatten(try $0.int("start_dim", 1), try $0.int("end_dim", -1))) },
  "nn.Unflatten": { .layer(Unflatten(try $0.int("dim"), try $0.ints("unflattened_size"))) },
  "nn.LayerNorm": {
    .layer(
      LayerNorm(
        Shape(try $0.ints("normalized_shape")), eps: try $0.double("eps", 1e-5),
        elementwiseAffine: try $0.bool("elementwise_affine", true),
        bias: try $0.bool("bias", true)))
  },
  "nn.RMSNorm": {
    .layer(
      RMSNorm(
        Shape(try $0.ints("normalized_shape")), eps: try $0.optionalDouble("eps"),
        elementwiseAffine: try $0.bool("elementwise_affine", true)), input: "x")
  },
  "nn.Embedding": { options in
    let layer = Embedding(
      try options.int("num_embeddings"), try options.int("embedding_dim"),
      paddingIdx: try options.optionalInt("padding_idx"),
      maxNorm: try options.optionalDouble("max_norm"), normType: try options.double("norm_type", 2),
      scaleGradByFreq: try options.bool("scale_grad_by_freq", false))
    return .layer(layer)
  },
  "nn.Dropout": { .layer(Dropout(try $0.double("p", 0.5))) },
  "nn.Dropout1d": { .layer(Dropout1d(try $0.double("p", 0.5))) },
  "nn.Dropout2d": { .layer(Dropout2d(try $0.double("p", 0.5))) },
  "nn.Dropout3d": { .layer(Dropout3d(try $0.double("p", 0.5))) },
  "nn.AlphaDropout": { .layer(AlphaDropout(try $0.double("p", 0.5))) },
  "nn.FeatureAlphaDropout": { .layer(FeatureAlphaDropout(try $0.double("p", 0.5))) },
]
