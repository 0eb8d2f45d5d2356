tile 5
input X(m, n)
C = X(0..3, :)
sumsq = rowsums(X .* X)
prev = inf
for it in 0..12
  D = sumsq - 2 * (X * C') + rowsums(C .* C)'
  a = argmin_rows(D)
  cost = sum(min_rows(D))
  M = onehot(a, 3)
  C = (M' * X) ./ max(colsums(M)', 1)
  if abs(prev - cost) <= 1e-6 * cost
    break
  end
  prev = cost
  print(it, "moves")
end
output C, a
