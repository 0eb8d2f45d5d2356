# The symmetric part of a product, which is written twice.
input A(n, k)
input B(k, n)
S = (A * B + (A * B)') / 2
output S
