# Ridge regression over a grid of penalties: X'*X hangs on none of them.
input X(m, n)
input y(m, 1)
lambdas = [0.01, 0.1, 1, 10]
s = 0
for l in 0..cols(lambdas)
  w = (X' * X + lambdas(0, l) * eye(n)) \ (X' * y)
  s = s + norm(w)
end
output w, s
