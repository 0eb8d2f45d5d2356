# How well U*V is D (RLSI, collaborative filtering).
input D(m, n)
input U(m, k)
input V(k, n)
f = normf(D - U * V)^2
output f
