// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// (nothing here can be used: the messages are the documentation)

import TapestryTensors

// PyTorch's names, where they differ from ours (TapestryOps/PyTorchNames.swift says how).

extension Optimizer {
  @available(*, unavailable, message: "write zeroGrad()")
  public var zero_grad: Renamed<Self> { Renamed("zero_grad") }
  @available(*, unavailable, message: "write paramGroups")
  public var param_groups: Renamed<Self> { Renamed("param_groups") }
  @available(*, unavailable, message: "write stateDict()")
  public var state_dict: Renamed<Self> { Renamed("state_dict") }
  @available(*, unavailable, message: "write loadStateDict(state)")
  public var load_state_dict: Renamed<Self> { Renamed("load_state_dict") }
}

extension LRScheduler {
  @available(*, unavailable, message: "write lastLearningRates")
  public final var get_last_lr: Renamed<[Double]> { Renamed("get_last_lr") }
  @available(*, unavailable, message: "write stateDict()")
  public final var state_dict: Renamed<[Double]> { Renamed("state_dict") }
  @available(*, unavailable, message: "write loadStateDict(state)")
  public final var load_state_dict: Renamed<[Double]> { Renamed("load_state_dict") }
}
