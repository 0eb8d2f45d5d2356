# A loop that ends by its data: conjugate gradients.
tile 4
n = 18
R = rand(n, n)
A = R * R' + n * eye(n)
b = rand(n, 1)
x = zeros(n, 1)
r = b - A * x
p = r
rho = dot(r, r)
k = 0
while sqrt(rho) > 1e-10 && k < 40
  q = A * p
  alpha = rho / dot(p, q)
  x = x + alpha * p
  r = r - alpha * q
  last = rho
  rho = dot(r, r)
  p = r + rho / last * p
  k = k + 1
  print("step", k, "of at most", n + 10)
end
output x
