// Failures and errors belong to what tensors say: who imports tensors has them too.

@_exported import TapestryBase
