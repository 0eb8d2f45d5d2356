# Rows to probabilities.
input X(m, n)
E = exp(X - max_rows(X))
P = E ./ rowsums(E)
output P
