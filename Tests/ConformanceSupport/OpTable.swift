/// PyTorch's names of functions (op_db's) and what calls ours with their arguments. A name that is missing is missing
/// in the library.
package let opTable: [String: OpEntry] = {
  let entries =
    pointwiseEntries + activationEntries + reductionEntries + productEntries + shapeEntries + indexEntries
    + subscriptEntries + networkEntries
    + lossEntries
  return Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })
}()
