# Weighted least squares with the weights as a diagonal matrix.
input X(m, n)
input y(m, 1)
input w(m, 1)
b = (X' * diag(w) * X) \ (X' * diag(w) * y)
output b
