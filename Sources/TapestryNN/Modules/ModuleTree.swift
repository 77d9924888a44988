import TapestryTensors

/// A model as a tree of text: each module with its type, what is worth knowing of it, and its number of weights.
struct ModuleTree {
  let text: String

  init(_ root: any Module) {
    let found = Discovery(root, lenient: true), branches = found.branches
    var children: [[Int]] = Array(repeating: [], count: branches.count)
    for (i, branch) in branches.enumerated() { if let parent = branch.parent { children[parent].append(i) } }
    var weights = Array(repeating: 0, count: branches.count)
    for (i, owner) in found.owners.enumerated() { weights[owner] += found.parameters[i].parameter.count }
    for i in branches.indices.reversed() { if let parent = branches[i].parent { weights[parent] += weights[i] } }

    var rows: [(text: String, note: String)] = []
    func add(_ i: Int, _ lead: String, _ ending: String) {
      let branch = branches[i], own = branch.parent.map { branches[$0].name } ?? ""
      let name = own.isEmpty ? branch.name : String(branch.name.dropFirst(own.count + 1))
      let details = branch.module.details
      let title = typeName(branch.module) + (details.isEmpty ? "" : "(\(details))")
      let first = branches.first { $0.module === branch.module }!
      rows.append(
        (
          lead + (name.isEmpty ? title : "\(name): \(title)"),
          branch.isRepeated ? "the same as \(first.name)" : grouped(weights[i])
        ))
      if branch.isRepeated { return }
      for child in children[i] {
        let last = child == children[i].last
        add(child, ending + (last ? "└─ " : "├─ "), ending + (last ? "   " : "│  "))
      }
    }
    add(0, "", "")
    let width = rows.map(\.text.count).max()!, digits = rows.map(\.note.count).max()!
    text = rows.map { row in
      if row.note == "0" { return row.text }
      return row.text + String(repeating: " ", count: width - row.text.count + 2 + digits - row.note.count) + row.note
    }.joined(separator: "\n")
  }
}

/// 7512064 as "7,512,064"
package func grouped(_ number: Int) -> String {
  var text = ""
  for (i, digit) in String(abs(number)).reversed().enumerated() {
    if i > 0 && i % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return (number < 0 ? "-" : "") + String(text.reversed())
}
