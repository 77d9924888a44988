/// Functions of PyTorch that the library does not have, and variants of those that it has, each with the reason.
/// Nothing else is left out.
let opExclusions: [String: String] = {
  var table: [String: String] = [:]
  func exclude(_ reason: String, _ names: String) {
    for name in names.split(whereSeparator: \.isWhitespace) { table[String(name)] = reason }
  }
  exclude(
    "later issue: more pointwise functions", "addcmul addcdiv logit nan_to_num round@decimals_3 round@decimals_neg_3")
  exclude("later issue: more reductions and scans", "cummax cummin logcumsumexp median norm@nuc")
  exclude(
    "later issue: linear algebra",
    "addmv baddbmm cdist kron tensordot linalg.det linalg.inv linalg.solve linalg.cholesky nn.functional.bilinear")
  exclude(
    "later issue: more shapes and indices", "diag hstack vstack meshgrid unfold index_put scatter_reduce sort topk")
  exclude(
    "later issue: convolution, pooling and images",
    """
    nn.functional.conv1d nn.functional.conv2d nn.functional.conv3d nn.functional.conv_transpose1d
    nn.functional.conv_transpose2d nn.functional.conv_transpose3d nn.functional.avg_pool1d nn.functional.avg_pool2d
    nn.functional.avg_pool3d nn.functional.max_pool1d nn.functional.max_pool3d nn.functional.adaptive_avg_pool1d
    nn.functional.adaptive_avg_pool2d nn.functional.adaptive_max_pool2d nn.functional.interpolate
    nn.functional.grid_sample nn.functional.unfold nn.functional.pixel_shuffle nn.functional.pixel_unshuffle
    """)
  exclude(
    "later issue: more norms",
    """
    nn.functional.batch_norm nn.functional.group_norm nn.functional.instance_norm nn.functional.local_response_norm
    nn.functional.normalize
    """)
  exclude(
    "later issue: sequences and attention",
    "nn.functional.embedding_bag nn.functional.scaled_dot_product_attention nn.functional.ctc_loss")
  return table
}()

/// Why a file of cases (`max@binary`) is left out, by its whole name or by its function.
func opExclusion(_ name: String) -> String? { opExclusions[name] ?? opExclusions[String(name.prefix { $0 != "@" })] }
