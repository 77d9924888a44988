import Foundation

/// Units of memory: a KiB is 1,024 bytes, a kB is 1,000.
public enum ByteUnits: Sendable { case binary, decimal }

/// A number of bytes as people read it: 940,584 is "918.5 KiB", and in decimal units "940.6 kB". Below one unit it is
/// exact: "512 B".
public func formatBytes(_ bytes: Int, _ units: ByteUnits = .binary) -> String {
  let base = units == .binary ? 1024.0 : 1000.0
  let names = units == .binary ? ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] : ["B", "kB", "MB", "GB", "TB", "PB"]
  var value = Double(bytes), i = 0
  // What one digit after the point would write as 1024.0 KiB is 1.0 MiB.
  while abs(value) >= (i == 0 ? base : base - 0.05) && i < names.count - 1 {
    value /= base
    i += 1
  }
  return i == 0 ? "\(bytes) B" : String(format: "%.1f ", value) + names[i]
}
