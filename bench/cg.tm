# Conjugate gradients with a stop that hangs on data: in each turn the walker
# waits for one number, and what was unfolded before it goes on.
param n = 4000
param turns = 200
param tol = 1e-12
A = spd(n, seed=1) / n + diag(exp(10 * rand(n, 1, seed=2)))
b = ones(n, 1)
x = zeros(n, 1)
r = b
p = r
rr = dot(r, r)
it = 0
while it < turns && sqrt(rr) > tol
  q = A * p
  alpha = rr / dot(p, q)
  x = x + alpha * p
  r = r - alpha * q
  new = dot(r, r)
  p = r + (new / rr) * p
  rr = new
  it += 1
end
print("turns", it, "residual", norm(b - A * x) / norm(b))
