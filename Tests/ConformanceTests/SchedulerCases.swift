import ConformanceSupport
let schedulerTable: [String: String] = [:]
@Sendable func runScheduler(_ item: Case) throws {}
let optimizerTable: [String: String] = [:]
@Sendable func runOptimizer(_ item: Case) throws {}
