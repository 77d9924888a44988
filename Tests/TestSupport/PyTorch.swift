/// A number, or numbers, that PyTorch gives for an expression in Python; Tests/pytorch_rows.py, which renews them, says
/// what the expression may use.
package func pytorch<Numbers>(_ expression: String, _ numbers: Numbers) -> Numbers { numbers }

/// The same for scikit-learn.
package func scikit<Numbers>(_ expression: String, _ numbers: Numbers) -> Numbers { numbers }
