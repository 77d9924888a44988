import Foundation
import TapestryTensors

/// The bytes of a file, decompressed if they are gzip, whatever the file is called.
func readFile(_ url: URL) throws(DataError) -> [UInt8] {
  let name = url.lastPathComponent
  var isFolder: ObjCBool = false
  if !FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) {
    throw DataError("there is no such file in \(url.deletingLastPathComponent().path)", .unreadable, file: name)
  }
  if isFolder.boolValue { throw DataError("is a folder, not a file (\(url.path))", .unreadable, file: name) }
  let bytes: [UInt8]
  do { bytes = [UInt8](try Data(contentsOf: url)) } catch {
    throw DataError("cannot be read (\(url.path)): \(error.localizedDescription)", .unreadable, file: name)
  }
  return Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, name: name) : bytes
}
