# The covariance of the columns of X.
input X(m, n)
mu = colsums(X) / rows(X)
C = (X - mu)' * (X - mu) / (rows(X) - 1)
output C
