@_exported import TapestryAutograd
@_exported import TapestryOps
@_exported import TapestryTensors
