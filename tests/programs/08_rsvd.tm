# Randomised SVD (Halko-Martinsson-Tropp), tall and skinny QR inside.
param r = 20
param over = 10
param q = 2
input A(m, n)
function [U, s, V] = rsvd(A, r, over = 10, q = 2)
  G = randn(cols(A), r + over, seed=42)
  [Q, R0] = qr(A * G)                     # TSQR: reduction tree over tile rows
  for i in 0..q
    [Z, R1] = qr(A' * Q)
    [Q, R2] = qr(A * Z)
  end
  [Ub, s, V] = svd(Q' * A)                # small: r+over rows
  U = Q * Ub(:, 0..r)
  s = s(0..r)
  V = V(:, 0..r)
end
[U, s, V] = rsvd(A, r, over, q)
output U, s, V
