# A = V * diag(w) * V' of a symmetric A, w ascending.  All of A is one tile,
# and one kernel does it.
function [w, V] = eig(A)
  b = tile_rows(A)
  K = eig_tile(A)
  n = rows(A)
  e = max(n, 1)
  matrix W(n, 1) tile e, 1
  matrix X(n, n) tile e, e
  for k in 0..trows(K)
    [X[k,k], W[k,0]] = heevd(K[k,k])
  end
  w = retile(W, b, 1)
  V = retile(X, b, b)
end
