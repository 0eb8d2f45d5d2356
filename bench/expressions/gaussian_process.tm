# Posterior mean and variance of a Gaussian process at m points: K are the
# covariances of n observations y, S those with the points.
param noise = 0.1
input K(n, n) is spd
input S(n, m)
input y(n, 1)
mu = S' * inv(K + noise * eye(n)) * y
v = 1 - colsums(S .* (inv(K + noise * eye(n)) * S))
output mu, v
