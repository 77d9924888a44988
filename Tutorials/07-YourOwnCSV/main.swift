// From a table of your own to a model in a file: missing values, categories, rare classes, and an honest test.
//
//     swift run -c release 07-YourOwnCSV            (--quick for a few seconds, --seed 3 for other random numbers)
//
// You learn to read a CSV file and split it before anything else looks at it; to fit imputing, standardizing and
// categories on the training part alone and keep them in the model; to check a model in its first minute; to stop
// training in time; to read a classification report where one class is rare; to save all of it in one file, load it and
// predict a new row; and to cross-validate.
//
// You will see a table of machines in a factory (made here, from a seed), what standardizing does to it, how the losses
// fall, and how well failing machines are found. At the end the program checks what it claims, and fails if that did
// not come true.
//
// To try next: your own file and columns instead of this one; `indicator: true` for the imputer, which doubles the width;
// training without `weight:`; batches(of: 32, weights: …) in its place; a wider network.

import Foundation
import Tapestry

let arguments = CommandLine.arguments, quick = arguments.contains("--quick")
let seed = arguments.firstIndex(of: "--seed").flatMap { Int(arguments.dropFirst($0 + 1).first ?? "") } ?? 0
Random.seed(seed)

// MARK: The file

/// Writes what a maintenance team might keep: four measurements, some of which are missing, the supplier of a part, and
/// what the team found when it looked.
func writeMachines(_ count: Int, to path: String) throws {
  let noise = Tensor.normal([count, 6], .float64).array(Double.self)
  let luck = Tensor.uniform([count, 4], .float64).array(Double.self)
  var lines = ["temperature,vibration,load,hours,supplier,state"]
  for i in 0..<count {
    let (z, u) = (noise[6 * i..<6 * i + 6].map { $0 }, luck[4 * i..<4 * i + 4].map { $0 })
    let supplier = min(Int(u[0] * 4), 3), load = 40 + 50 * u[1], hours = 4000 * u[2]
    // Parts of the third supplier wear twice as fast.
    let wear = hours / 4000 * (supplier == 2 ? 2 : 1) * (0.5 + load / 90) + 0.12 * z[0]
    let temperature = 45 + 0.25 * load + 8 * wear + 2.5 * z[1]
    let vibration = 1.2 + 1.5 * wear * wear + 0.35 * z[2]
    let state = wear > 1.75 ? "failing" : wear > 1.05 ? "worn" : "healthy"
    let fields = [
      u[3] < 0.04 ? "" : String(format: "%.1f", temperature),
      u[3] > 0.9 ? "NA" : String(format: "%.2f", vibration),  // sensors come loose
      String(format: "%.0f", load), String(format: "%.0f", hours), ["Aare", "Brenner", "Cima", "Dora"][supplier], state,
    ]
    lines.append(fields.joined(separator: ","))
  }
  try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
}

let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tapestry-\(UUID().uuidString)")
run { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
defer { try? FileManager.default.removeItem(at: folder) }
let path = folder.appendingPathComponent("machines.csv").path
run { try writeMachines(quick ? 600 : 2400, to: path) }

let table = run { try CSV.load(path) }
print("1. The file\n\n\(table)\n")
for line in run({ try String(contentsOfFile: path, encoding: .utf8) }).split(separator: "\n").prefix(5) {
  print("  \(line)")
}

/// Columns of text, the first to the left and the others to the right.
func aligned(_ rows: [[String]]) -> String {
  let widths = rows[0].indices.map { i in rows.map { $0[i].count }.max()! }
  return rows.map { row in
    "  "
      + row.enumerated().map { i, cell in
        let space = String(repeating: " ", count: widths[i] - cell.count)
        return i == 0 ? cell + space : space + cell
      }.joined(separator: "  ")
  }.joined(separator: "\n")
}
func short(_ x: Double) -> String { String(format: "%.2f", x) }

// MARK: Splitting

// First of all: what is to be tested on must not be seen by anything that is fitted. Stratified, for with one failing
// machine in fifteen a plain split may give the test too few of them to tell anything.
let parts = run { try table.stratifiedSplit(fractions: [0.6, 0.2, 0.2], by: "state") }
let (trainTable, validTable, testTable) = (parts[0], parts[1], parts[2])
let classes = ["healthy", "worn", "failing"]
let numeric = ["temperature", "vibration", "load", "hours"]
let suppliers = run { try trainTable.classes(of: "supplier") }

print("\n2. The parts: each class has its share in each of them\n")
let names = ["training", "validation", "test"]
print(
  aligned(
    [["part", "machines"] + classes]
      + zip(names, parts).map { name, part in
        let labels = run { try part.classIndices("state", classes: classes) }.array(Int.self)
        return [name, "\(part.count)"] + classes.indices.map { label in "\(labels.count { $0 == label })" }
      }))

// MARK: Numbers

/// (machines, 4 + suppliers): the numbers, NaN where one is missing, then a 1 for the supplier. A supplier that the
/// training part did not have is all zeros.
func inputs(of table: CSV) throws -> Tensor {
  concatenate(
    [
      try table.numbers(numeric, missing: .value(.nan)),
      try table.oneHot("supplier", categories: suppliers, unknown: .zeros),
    ], axis: 1)
}
func examples(of table: CSV) throws -> Examples {
  Examples(try inputs(of: table), try table.classIndices("state", classes: classes))
}
let (train, valid, test) = run {
  (try examples(of: trainTable), try examples(of: validTable), try examples(of: testTable))
}

/// What fills in missing values and standardizes is a part of the model: its numbers go into the model's file.
final class Inspector: Layer {
  let imputer: Imputer
  let standardizer: Standardizer
  let hidden: Linear
  let output: Linear
  let dropout = Dropout(0.1)

  init(columns: Int, classes: Int) {
    imputer = Imputer(columns)
    standardizer = Standardizer(columns)
    hidden = Linear(columns, 32)
    output = Linear(32, classes)
  }

  /// On the training part alone. The median does not mind a few wild values.
  func fit(_ x: Tensor) {
    imputer.fit(x, .median)
    standardizer.fit(imputer.transform(x))
  }

  func forward(_ x: Variable) -> Variable { output(dropout(relu(hidden(standardizer(imputer(x)))))) }
}

func inspector(fittedTo train: Examples) -> Inspector {
  let model = Inspector(columns: numeric.count + suppliers.count, classes: classes.count)
  model.fit(train.inputs)
  return model
}

let model = inspector(fittedTo: train)
print("\n3. The inputs: what was measured in °C, mm/s, % and hours gets mean 0 and standard deviation 1\n")
let filled = model.imputer.transform(train.inputs), z = model.standardizer.transform(filled)
print(
  aligned(
    [["column", "missing", "filled with", "mean", "std", "then mean", "then std"]]
      + (numeric + suppliers.map { "supplier \($0)" }).enumerated().map { i, name in
        [
          name, "\(Int(Variable(train.inputs[.all, i]).isNaN().sum().item))", short(model.imputer.fill.value[i].item),
          short(filled[.all, i].mean().item), short(filled[.all, i].standardDeviation(correction: 0).item),
          short(abs(z[.all, i].mean().item)), short(z[.all, i].standardDeviation(correction: 0).item),
        ]
      }))

// MARK: The first minute

print("\n4. The first minute: three checks that find most mistakes before an hour is lost\n")
let (someInputs, someLabels) = (train.inputs[0..<32], train.labels[0..<32])
let firstLogits = model(someInputs)
print(firstLossCheck(firstLogits, someLabels))
print(overfitCheck(model, someInputs, someLabels, learningRate: 0.01))
crossEntropy(firstLogits, someLabels).backward()
print(model.parametersWithoutGradient())
model.zeroGrad()

// MARK: Training

// A failing machine counts for as much as there are fewer of them, or "healthy" would be a good answer to everything.
let weight = balancedClassWeights(train.labels, classes: classes.count)
print("\n5. Training\n")
print(aligned([["class"] + classes, ["weight, n/(classes·nₖ)"] + weight.array(Float.self).map { short(Double($0)) }]))

/// One pass over the data; the mean loss.
func epoch(_ model: Inspector, _ optimizer: Adam, _ data: Examples, _ weight: Tensor) -> Double {
  model.train()
  var mean = RunningMean()
  for (inputs, labels) in data.batches(of: 32, shuffled: true) {
    let loss = crossEntropy(model(inputs), labels, weight: weight)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    mean.add(loss.item, count: labels.count)
  }
  model.eval()
  return mean.value
}

let optimizer = Adam(model.parameters(), learningRate: 3e-3)
let stopping = EarlyStopping(patience: quick ? 5 : 15)
var curves = LearningCurves("weighted cross-entropy")
for _ in 1...(quick ? 30 : 200) {
  let training = epoch(model, optimizer, train, weight)
  let validation = noGrad { crossEntropy(model(valid.inputs), valid.labels, weight: weight).item }
  curves.add(["training": training, "validation": validation])
  if stopping.update(validation, model) { break }
}
stopping.restoreBest(model)
print("\n\(curves)\n\n\(stopping)")
print(
  (stopping.shouldStop ? "Nothing better for \(stopping.patience) epochs ended it" : "The last epoch ended it")
    + "; the weights of the best are back.\n"
    + "A validation curve that turns up while training still falls would mean learning by heart.")

// MARK: The test

print("\n6. The test, on \(test.count) machines that nothing was fitted to\n")
let logits = noGrad { model(test.inputs) }, probabilities = softmax(logits, axis: 1)
let report = classificationReport(logits, test.labels, names: classes)
print(report)
var confusion = ConfusionMatrix(names: classes)
confusion.add(predictions: logits.value.argmax(1), labels: test.labels)
print("\n\(confusion)\n")
let always = Double(test.labels.array(Int.self).count { $0 == 0 }) / Double(test.count)
let nothing = f1Score(Tensor.zeros([test.count], .int64), test.labels, average: .macro)
print(
  """
  Precision: of the machines called failing, how many are. Recall: of those that are failing, how many were called so.
  Who always says "healthy" is right in \(short(always)) of all cases, and finds no failing machine: a macro F1 of \
  \(short(nothing)).
  Over all thresholds, each class against the rest: ROC AUC \(short(rocAUC(probabilities, test.labels))) (1 ranks all \
  right, 0.5 none).
  """)

// MARK: One file

// Weights, means, scales and medians are tensors of the model; the names go beside them.
let file = folder.appendingPathComponent("inspector.safetensors").path
var metadata = Safetensors.Metadata()
metadata[list: "classes"] = classes
metadata[list: "suppliers"] = suppliers
run { try model.save(to: file, metadata: metadata) }

let saved = run { try Safetensors.load(file) }
let savedClasses = saved.metadata[list: "classes"]!, savedSuppliers = saved.metadata[list: "suppliers"]!
let loaded = Inspector(columns: numeric.count + savedSuppliers.count, classes: savedClasses.count)
run { try loaded.load(from: file) }
loaded.eval()

print("\n7. Saved with \(saved.names.count) tensors and loaded again, for two machines that came in today\n")
// The sensor of the first came loose, and its supplier is new: the median stands in for the one, zeros for the other.
let today = run {
  try CSV.load(
    text: """
      temperature,vibration,load,hours,supplier
      78.5,,82,3700,Emme
      61.0,1.4,55,600,Aare
      """)
}
let answer = noGrad { softmax(loaded(run { try inputs(of: today) }), axis: 1).value }
print(
  aligned(
    [["machine", "prediction"] + savedClasses]
      + classNames(of: answer, in: savedClasses).enumerated().map { i, name in
        ["\(today[i, "temperature"]!) °C, \(today[i, "supplier"]!)", name]
          + savedClasses.indices.map { short(answer[i, $0].item) }
      }))
print("\nThe first has no vibration, so its column's median stands there, and a supplier that nobody knew: zeros.")

// MARK: Cross-validation

// How much of the result is luck of the split? Each fold is fitted anew, its imputer and standardizer too, for as many
// epochs as were best before.
let all = run { try examples(of: table) }, folds = quick ? 3 : 5
print("\n8. \(folds) folds, each once for testing, \(stopping.bestStep) epochs each\n")
let scores = all.stratifiedFolds(folds, shuffled: true).map { train, valid in
  let model = inspector(fittedTo: train), optimizer = Adam(model.parameters(), learningRate: 3e-3)
  for _ in 1...stopping.bestStep {
    _ = epoch(model, optimizer, train, balancedClassWeights(train.labels, classes: classes.count))
  }
  return f1Score(noGrad { model(valid.inputs) }, valid.labels, average: .macro)
}
let mean = scores.reduce(0, +) / Double(folds)
let deviation = (scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(folds - 1)).squareRoot()
print("macro F1 of the folds: \(scores.map(short).joined(separator: "  "))")
print(
  "\(short(mean)) ± \(short(deviation)), mean and standard deviation; the test above gave \(short(report.macroAverage.f1Score))"
)

// MARK: The claim

let same = noGrad { loaded(test.inputs).value } == logits.value
let macro = report.macroAverage.f1Score, found = report.classes[2].recall, least = max(quick ? 0.6 : 0.8, nothing)
print("\n9. Did it come true?\n")
print("loaded and saved model give the same bits: \(same)")
print("macro F1 of the test at least \(short(least)): \(macro >= least)")
print("at least half of the failing machines found: \(found >= 0.5)")
if !same || macro < least || found < 0.5 {
  print("07-YourOwnCSV did not keep its promise")
  try? FileManager.default.removeItem(at: folder)
  exit(1)
}
