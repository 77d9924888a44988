// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// (nothing here can be used: the messages are the documentation)

import TapestryAutograd
import TapestryTensors

// PyTorch's names, where they differ from ours (TapestryOps/PyTorchNames.swift says how).

extension Module {
  @available(*, unavailable, message: "write stateDict()")
  public var state_dict: Renamed<Self> { Renamed("state_dict") }
  @available(*, unavailable, message: "write loadStateDict(state)")
  public var load_state_dict: Renamed<Self> { Renamed("load_state_dict") }
  @available(*, unavailable, message: "write namedParameters()")
  public var named_parameters: Renamed<[(name: String, parameter: Parameter)]> { Renamed("named_parameters") }
  @available(*, unavailable, message: "write namedModules()")
  public var named_modules: Renamed<[(name: String, module: any Module)]> { Renamed("named_modules") }
  @available(*, unavailable, message: "write namedBuffers()")
  public var named_buffers: Renamed<[(name: String, buffer: Buffer)]> { Renamed("named_buffers") }
  @available(*, unavailable, message: "write children")
  public var named_children: Renamed<[(name: String, module: any Module)]> { Renamed("named_children") }
  @available(*, unavailable, message: "write zeroGrad()")
  public var zero_grad: Renamed<Self> { Renamed("zero_grad") }
  @available(*, unavailable, message: "write freeze() or unfreeze()")
  public var requires_grad_: Renamed<Self> { Renamed("requires_grad_") }
  @available(*, unavailable, message: "leave it out: there is one device, the CPU")
  public var cuda: Renamed<Self> { Renamed("cuda") }
  @available(*, unavailable, message: "leave it out: there is one device, the CPU")
  public var cpu: Renamed<Self> { Renamed("cpu") }
  @available(*, unavailable, message: "write to(.float64)")
  public var double: Renamed<Self> { Renamed("double") }
  @available(*, unavailable, message: "write to(.float32)")
  public var float: Renamed<Self> { Renamed("float") }
  @available(*, unavailable, message: "write for module in modules() { … }")
  public var apply: Renamed<Self> { Renamed("apply") }
  @available(*, unavailable, message: "write let name = Buffer(tensor), a property")
  public var register_buffer: Renamed<Self> { Renamed("register_buffer") }
  @available(*, unavailable, message: "write let name = Parameter(tensor), a property")
  public var register_parameter: Renamed<Self> { Renamed("register_parameter") }
  @available(*, unavailable, message: "write let name = Linear(3, 4), a property")
  public var add_module: Renamed<Self> { Renamed("add_module") }
  @available(*, unavailable, message: "write observe(model) { event in … } during: { … }")
  public var register_forward_hook: Renamed<Self> { Renamed("register_forward_hook") }
}
