# Power iteration with a data-dependent stop.
param d = 0.85
param tol = 1e-10
param maxit = 200
input G(n, n) is sparse                   # column-stochastic link matrix
p = fill(n, 1, 1/n)
it = 0
repeat
  q = d * (G*p) + (1 - d)/n
  delta = sum(abs(q - p))
  p = q
  it += 1
until delta < tol || it >= maxit
print("iterations", it, "delta", delta)
output p
