# Mahalanobis distances of the rows of X from mu.
input X(m, n)
input mu(1, n)
input S(n, n) is spd
d = sqrt(rowsums((X - mu) * inv(S) .* (X - mu)))
output d
