# Inverses on both sides.
input A(n, n)
input B(n, m)
input C(m, m)
X = inv(A) * B * inv(C)
output X
