/// What stands for one of PyTorch's names that is called otherwise here (PyTorchNames.swift): it takes any arguments,
/// so that the compiler's one complaint is the name's own, which says what to write. No value of it exists.
@dynamicCallable
@dynamicMemberLookup
public struct Renamed<Result> {
  package init(_ name: String) { fail("\(name): belongs to PyTorch; the compiler says what it is called here") }

  /// Any call, so that the compiler complains of the name alone.
  public func dynamicallyCall(withKeywordArguments arguments: KeyValuePairs<String, Any>) -> Result {
    fail("a name of PyTorch's was called")
  }
  /// Any subscript, for the same reason.
  public subscript(_ parts: Any...) -> Result { fail("a name of PyTorch's was indexed") }
  /// Any member, for the same reason.
  public subscript(dynamicMember name: String) -> Renamed<Result> { self }
}
