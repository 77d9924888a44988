// swift-format-ignore-file
// Written by pytorch_cases.py. What five steps of Σ (p − s/10)² + Σ (q + s/5)² at step s leave in p and q, in float64.
import TapestryOptim

func makeOptimizerCases() -> [OptimizerCase] {
  var cases: [OptimizerCase] = []
  cases.append(
    OptimizerCase(
      description: "SGD(w, learningRate: 0.1)",
      make: { SGD($0, learningRate: 0.1) },
      expected: [0.49152000000000007, -0.49151999999999996, 1.14688, -0.16384000000000004, -0.8191999999999999]))
  cases.append(
    OptimizerCase(
      description: "SGD(w, learningRate: 0.1, momentum: 0.9)",
      make: { SGD($0, learningRate: 0.1, momentum: 0.9) },
      expected: [-0.2817600000000001, 1.4595, -1.4426000000000003, -0.88753, 0.2733100000000002]))
  cases.append(
    OptimizerCase(
      description: "SGD(w, learningRate: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.05)",
      make: { SGD($0, learningRate: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.05) },
      expected: [-0.2202887903292505, 1.1082809948177508, -1.1060019804272512, -0.6665639069640003, 0.2191492831340006]))
  cases.append(
    OptimizerCase(
      description: "SGD(w, learningRate: 0.1, momentum: 0.9, weightDecay: 0.05, nesterov: true)",
      make: { SGD($0, learningRate: 0.1, momentum: 0.9, weightDecay: 0.05, nesterov: true) },
      expected: [-0.06309259555695942, 1.192617907833169, -0.9002329311503783, -0.9202402283778547, -0.08309989278443597]))
  cases.append(
    OptimizerCase(
      description: "SGD(w, learningRate: 0.01, momentum: 0.5, maximize: true)",
      make: { SGD($0, learningRate: 0.01, momentum: 0.5, maximize: true) },
      expected: [1.1405459072000002, -2.3661274624000006, 3.4783281536, 0.6411359936, -1.6966462528000001]))
  cases.append(
    OptimizerCase(
      description: "SGD(w, learningRate: 0.01, weightDecay: 0.5)",
      make: { SGD($0, learningRate: 0.01, weightDecay: 0.5) },
      expected: [0.900601912109375, -1.74268516796875, 2.6627932988281247, 0.4015354091796875, -1.3606559775390623]))
  cases.append(
    OptimizerCase(
      description: "Adam(w, learningRate: 0.1)",
      make: { Adam($0, learningRate: 0.1) },
      expected: [0.5284068149927492, -1.5000000012445962, 2.5043693467872443, -0.0017503212415537622, -1.0286086539643866]))
  cases.append(
    OptimizerCase(
      description: "Adam(w, learningRate: 0.1, betas: (0.8, 0.95), eps: 0.001, weightDecay: 0.1)",
      make: { Adam($0, learningRate: 0.1, betas: (0.8, 0.95), eps: 0.001, weightDecay: 0.1) },
      expected: [0.5351801470278431, -1.5002867499401968, 2.506275174917276, -0.0052610687108192306, -1.0348419464011158]))
  cases.append(
    OptimizerCase(
      description: "Adam(w, learningRate: 0.01, maximize: true)",
      make: { Adam($0, learningRate: 0.01, maximize: true) },
      expected: [1.0493177015260848, -2.050165573210479, 3.049842828511209, 0.5497615437185928, -1.5488028934990719]))
  cases.append(
    OptimizerCase(
      description: "Adam(w, learningRate: 0.3, betas: (0.5, 0.6), weightDecay: 0.1, amsgrad: true)",
      make: { Adam($0, learningRate: 0.3, betas: (0.5, 0.6), weightDecay: 0.1, amsgrad: true) },
      expected: [0.16676070310491636, -0.5698706061793329, 1.6107982710202973, -0.7682141311700332, -0.5317755082259809]))
  cases.append(
    OptimizerCase(
      description: "AdamW(w, learningRate: 0.1)",
      make: { AdamW($0, learningRate: 0.1) },
      expected: [0.5246656389840352, -1.4910599552391717, 2.490484045976245, -0.003254572770073641, -1.022386304669064]))
  cases.append(
    OptimizerCase(
      description: "AdamW(w, learningRate: 0.1, weightDecay: 0.3)",
      make: { AdamW($0, learningRate: 0.1, weightDecay: 0.3) },
      expected: [0.42412900070700693, -1.247953680704531, 2.112496259888479, -0.04346817369581216, -0.8541797173115308]))
  cases.append(
    OptimizerCase(
      description: "AdamW(w, learningRate: 0.3, betas: (0.5, 0.6), amsgrad: true, maximize: true)",
      make: { AdamW($0, learningRate: 0.3, betas: (0.5, 0.6), amsgrad: true, maximize: true) },
      expected: [2.489509882304376, -3.4745941557706983, 4.454015971198372, 1.9814157847009655, -2.9763750151585233]))
  cases.append(
    OptimizerCase(
      description: "RMSprop(w)",
      make: { RMSprop($0) },
      expected: [0.7361430548482416, -1.6722230858494542, 2.691961376020693, 0.13269207814309342, -1.2415845913002512]))
  cases.append(
    OptimizerCase(
      description: "RMSprop(w, learningRate: 0.1, alpha: 0.9, eps: 0.01)",
      make: { RMSprop($0, learningRate: 0.1, alpha: 0.9, eps: 0.01) },
      expected: [0.3957816728475971, -0.9994907047790849, 2.0482866249497844, -0.5039663409470481, -0.8354400881540814]))
  cases.append(
    OptimizerCase(
      description: "RMSprop(w, learningRate: 0.1, weightDecay: 0.1, maximize: true)",
      make: { RMSprop($0, learningRate: 0.1, weightDecay: 0.1, maximize: true) },
      expected: [5.008687549830628, -5.8669056113244755, 6.650632122826324, 4.762350615783455, -5.320440282816717]))
  cases.append(
    OptimizerCase(
      description: "RMSprop(w, learningRate: 0.05, alpha: 0.7, weightDecay: 0.1, centered: true)",
      make: { RMSprop($0, learningRate: 0.05, alpha: 0.7, weightDecay: 0.1, centered: true) },
      expected: [0.6050702017068075, -1.4372628969248518, 2.472621275126168, -0.10049093553123717, -1.107669951664712]))
  cases.append(
    OptimizerCase(
      description: "RMSprop(w, learningRate: 0.05, momentum: 0.8)",
      make: { RMSprop($0, learningRate: 0.05, momentum: 0.8) },
      expected: [-0.15330094467639163, 1.1159862708650452, -0.22199323260050033, -0.8336498189333855, 0.22681279796074394]))
  cases.append(
    OptimizerCase(
      description: "RMSprop(w, learningRate: 0.05, weightDecay: 0.1, momentum: 0.3, centered: true, maximize: true)",
      make: { RMSprop($0, learningRate: 0.05, weightDecay: 0.1, momentum: 0.3, centered: true, maximize: true) },
      expected: [3.582794667468639, -4.518891685366279, 5.370080710256784, 3.331642977304215, -3.934253353038447]))
  cases.append(
    OptimizerCase(
      description: "Adagrad(w)",
      make: { Adagrad($0) },
      expected: [0.9710818631352346, -1.9665852265536492, 2.96866747658078, 0.4619811004746722, -1.4723604046899705]))
  cases.append(
    OptimizerCase(
      description: "Adagrad(w, learningRate: 0.3, lrDecay: 0.2, eps: 0.01)",
      make: { Adagrad($0, learningRate: 0.3, lrDecay: 0.2, eps: 0.01) },
      expected: [0.4666431246450226, -1.2578290874419313, 2.290092273401051, -0.26972523087071887, -0.9389559259317294]))
  cases.append(
    OptimizerCase(
      description: "Adagrad(w, learningRate: 0.2, weightDecay: 0.1, initialAccumulatorValue: 0.5, maximize: true)",
      make: { Adagrad($0, learningRate: 0.2, weightDecay: 0.1, initialAccumulatorValue: 0.5, maximize: true) },
      expected: [1.6427335356580526, -2.6939975432348677, 3.6506404486145154, 1.244222255642956, -2.110104091310907]))
  cases.append(
    OptimizerCase(
      description: "SGD([ParameterGroup([w[0]]), ParameterGroup([w[1]], learningRate: 0.03, weightDecay: 0.2, momentum: 0.0)], learningRate: 0.1, momentum: 0.9)",
      make: { SGD([ParameterGroup([$0[0]]), ParameterGroup([$0[1]], learningRate: 0.03, weightDecay: 0.2, momentum: 0.0)], learningRate: 0.1, momentum: 0.9) },
      expected: [-0.2817600000000001, 1.4595, -1.4426000000000003, 0.24305142062571206, -1.178505902069136]))
  cases.append(
    OptimizerCase(
      description: "SGD([ParameterGroup([w[0]], momentum: 0.5, nesterov: true), ParameterGroup([w[1]], momentum: 0.7, dampening: 0.2, maximize: false)], learningRate: 0.1, maximize: true)",
      make: { SGD([ParameterGroup([$0[0]], momentum: 0.5, nesterov: true), ParameterGroup([$0[1]], momentum: 0.7, dampening: 0.2, maximize: false)], learningRate: 0.1, maximize: true) },
      expected: [3.87192, -9.118320000000002, 12.532079999999999, -0.500744624, -0.22057752000000008]))
  cases.append(
    OptimizerCase(
      description: "Adam([ParameterGroup([w[0]], betas: (0.7, 0.8), eps: 0.01), ParameterGroup([w[1]], learningRate: 0.02, amsgrad: true)], learningRate: 0.1)",
      make: { Adam([ParameterGroup([$0[0]], betas: (0.7, 0.8), eps: 0.01), ParameterGroup([$0[1]], learningRate: 0.02, amsgrad: true)], learningRate: 0.1) },
      expected: [0.5372865732854496, -1.5012403368746396, 2.505940392585886, 0.40021378986564266, -1.4031134714414342]))
  cases.append(
    OptimizerCase(
      description: "AdamW([ParameterGroup([w[0]], weightDecay: 0.0), ParameterGroup([w[1]], learningRate: 0.05)], learningRate: 0.01, weightDecay: 0.1)",
      make: { AdamW([ParameterGroup([$0[0]], weightDecay: 0.0), ParameterGroup([$0[1]], learningRate: 0.05)], learningRate: 0.01, weightDecay: 0.1) },
      expected: [0.9509389450393441, -1.9498549884963041, 2.950200181560371, 0.2399910200536883, -1.225811267437616]))
  cases.append(
    OptimizerCase(
      description: "RMSprop([ParameterGroup([w[0]], alpha: 0.8, centered: true), ParameterGroup([w[1]], weightDecay: 0.1, momentum: 0.6)], learningRate: 0.05)",
      make: { RMSprop([ParameterGroup([$0[0]], alpha: 0.8, centered: true), ParameterGroup([$0[1]], weightDecay: 0.1, momentum: 0.6)], learningRate: 0.05) },
      expected: [0.6127962175662418, -1.4641775267583979, 2.4981820479714525, -0.7701014409760883, -0.1838927305690958]))
  return cases
}
