tile 4
A = randn(26, 13)
[Q, R] = qr(A)
E = Q' * Q - eye(13)
assert(norm(E) < 1e-8)
output Q, R
