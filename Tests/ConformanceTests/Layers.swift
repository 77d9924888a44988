import ConformanceSupport
import Tapestry

let layerTable: [String: @Sendable (Arguments) throws -> CaseModule] = [
  "nn.Linear": { .layer(Linear(try $0.int("in_features"), try $0.int("out_features"), bias: try $0.bool("bias", true))) },
  "nn.Identity": { _ in .layer(Identity()) },
  "nn.Flatten": { .layer(Flatten(try $0.int("start_dim", 1), try $0.int("end_dim", -1))) },
  "nn.Unflatten": { .layer(Unflatten(try $0.int("dim"), try $0.ints("unflattened_size"))) },
  "nn.LayerNorm": { .layer(LayerNorm(try $0.int("normalized_shape"), eps: try $0.double("eps", 1e-5))) },
  "nn.Embedding": { .layer(Embedding(try $0.int("num_embeddings"), try $0.int("embedding_dim"))) },
  "nn.Dropout": { .layer(Dropout(try $0.double("p", 0.5))) },
  "nn.Dropout1d": { .layer(Dropout1d(try $0.double("p", 0.5))) },
  "nn.Dropout2d": { .layer(Dropout2d(try $0.double("p", 0.5))) },
  "nn.Dropout3d": { .layer(Dropout3d(try $0.double("p", 0.5))) },
  "nn.AlphaDropout": { .layer(AlphaDropout(try $0.double("p", 0.5))) },
  "nn.FeatureAlphaDropout": { .layer(FeatureAlphaDropout(try $0.double("p", 0.5))) },
]
