/// What a loss does with the losses of its elements: gives all of them, their mean, or their sum.
public enum Reduction: Sendable, CaseIterable { case none, mean, sum }
