# A normal log-likelihood but for its constant.
input S(n, n) is spd
input y(n, 1)
l = y' * inv(S) * y + 2 * sum(log(diag(chol(S))))
output l
