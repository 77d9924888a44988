import TapestryAutograd

/// Every op, one line each: what is listed here is proven by the laws, and a test compares the list with the sources.
package let catalogue: [Law] = [
  Matmul.law,
  Permute.law,
  Reshape.law,
  Sum.law,
]
