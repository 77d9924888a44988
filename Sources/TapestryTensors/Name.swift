/// A name as files compare it: byte by byte, and ordered so. Swift holds "é" equal to "e" with an accent behind it, so
/// a dictionary of Strings keeps one of the two; PyTorch, safetensors and pandas keep both. Every table of names that
/// come from files has this as its key.
package struct Name: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (a: Name, b: Name) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  /// By code points, as Python sorts.
  package static func < (a: Name, b: Name) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
