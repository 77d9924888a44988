// Trains a classifier of digits and serves it from 8 tasks and 8 threads at once: each answer must have the bits that
// one thread gives. The last line is "ok", or what went wrong.

import Foundation
import Tapestry

struct Checks {
  var problems: [String] = []
  mutating func callAsFunction(_ condition: Bool, _ problem: String) { if !condition { problems.append(problem) } }
}

var check = Checks()

let digits = try Digits.load()
let examples = digits.train
let questions = (0..<32).map { digits.test.inputs[($0 * 11)..<($0 * 11 + 11)] }

// Two models learn at the same time as a third one that must come out like the first.
async let first = Task.detached { trained(on: examples, epochs: 2, seed: 1) }.value
async let other = Task.detached { trained(on: examples, epochs: 2, seed: 2) }.value
let again = trained(on: examples, epochs: 2, seed: 1)
let servers: [Frozen<Classifier>] = await [first, other, again]

let answers = servers.map { server in questions.map { server($0) } }
check(answers[0] == answers[2], "two trainings with one seed differ")
check(answers[0] != answers[1], "two trainings with different seeds are the same")
let server = servers[0], expected = answers[0]

// Tasks: as many at once as the machine has cores.
let fromTasks = await serve(server, questions, tasks: 8)
for task in 0..<8 { check(fromTasks[task] == expected, "task \(task) gives other bits") }

// Threads: eight at once, whatever the machine has.
let (stream, continuation) = AsyncStream.makeStream(of: (thread: Int, answers: [Tensor]).self)
for thread in 0..<8 {
  Thread { continuation.yield((thread, (0..<3).flatMap { _ in questions.map { server($0) } })) }.start()
}
var heard = 0
for await (thread, answers) in stream.prefix(8) {
  heard += 1
  check(answers == expected + expected + expected, "thread \(thread) gives other bits")
}
check(heard == 8, "\(heard) of 8 threads answered")

// A model in an actor learns while its frozen copy serves: the copy stays what it was.
let trainer = Trainer(seed: 3)
let before = await trainer.snapshot(), fixed = before(questions[0])
async let loss = trainer.step(examples.inputs[0..<64], examples.labels[0..<64])
for _ in 0..<20 { check(before(questions[0]) == fixed, "a frozen model changed while its origin was trained") }
check(await loss > 0, "the loss is not positive")
check(await trainer.snapshot()(questions[0]) != fixed, "a step in an actor changed nothing")

// A state crosses from one actor to another, a model is sent to one.
let heir = Trainer(Classifier())
try await heir.load(trainer.state())
check(await heir.snapshot()(questions[1]) == trainer.snapshot()(questions[1]), "a state was not taken over")

let screen = Screen()
await screen.learn(from: examples)
check(screen.log == ["training", "trained: \(Classifier().parameterCount) weights"], "the screen says \(screen.log)")

let model = Classifier()
_ = train(model, on: examples, epochs: 2, seed: 1)
model.eval()
let pipeline = Pipeline(model: model, classes: (0...9).map(String.init))
check((0...9).map(String.init).contains(pipeline.label(of: digits.test.inputs[0])), "no label")
check(await scopes(examples) == [[4, 10], [4, 10], [4, 32], [64, 32]], "wrong shapes in scopes")

check(
  await evaluated(Classifier(), digits.test.inputs).shape == [360, 10], "a model that was sent away gives another shape"
)

let share = accuracy(server(digits.test.inputs), digits.test.labels)
check(share > 0.9, "the accuracy is \(share)")
print("test accuracy \(share) from \(heard) threads and \(fromTasks.count) tasks")
print(check.problems.isEmpty ? "ok" : "FAILED: " + check.problems.joined(separator: "; "))
exit(check.problems.isEmpty ? 0 : 1)
