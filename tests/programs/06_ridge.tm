# Ridge regression over a grid of penalties: X'*X is formed once (hoisted, syrk).
input X(m, n)
input y(m, 1)
lambdas = [0.01, 0.1, 1, 10]
best = inf
for l in 0..cols(lambdas)
  w = (X'*X + lambdas(0,l) * eye(n)) \ (X'*y)
  e = norm(X*w - y)
  print("lambda", lambdas(0,l), "train error", e)
  if e < best
    best = e
    W = w
  end
end
output W
