import TapestryAutograd
import TapestryTensors
import Testing

struct Placeholder {}
