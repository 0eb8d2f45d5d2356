# The r largest singular values and their vectors, by a random subspace of
# r + over dimensions and q steps of the power method (N. Halko, P. Martinsson,
# J. Tropp, SIAM Review 53, 2011).
function [U, s, V] = rsvd(A, r, over = 10, q = 2)
  k = min(r + over, min(rows(A), cols(A)))
  assert(r >= 0 && r <= k, "rsvd wants a rank from 0 to the smaller edge of the matrix, not", r)
  G = randn(cols(A), k, seed=42)
  [Q, _] = qr(A * G)
  for i in 0..q
    [Z, _] = qr(A' * Q)
    [Q, _] = qr(A * Z)
  end
  [P, t, W] = svd(Q' * A)
  U = Q * P(:, 0..r)
  s = t(0..r)
  V = W(:, 0..r)
end
