# Lloyd's k-means in matrix form.
param k = 16
param maxit = 50
input X(m, n)
C = X(0..k, :)                            # first k rows as seeds
sumsq = rowsums(X .* X)
prev = inf
for it in 0..maxit
  D = sumsq - 2 * (X*C') + rowsums(C .* C)'   # m x k, column and row broadcast
  a = argmin_rows(D)
  cost = sum(min_rows(D))
  M = onehot(a, k)                        # m x k, 0/1, kept sparse
  C = (M'*X) ./ max(colsums(M)', 1)
  if abs(prev - cost) <= 1e-6 * cost
    break
  end
  prev = cost
end
output C, a
