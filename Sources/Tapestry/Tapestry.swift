// One import for everything. This room holds no code of its own.

@_exported import TapestryAutograd
@_exported import TapestryBase
@_exported import TapestryData
@_exported import TapestryNN
@_exported import TapestryOps
@_exported import TapestryOptim
@_exported import TapestryTensors
@_exported import TapestryTraining
