# A chain of four products; which order is cheap hangs on the sizes.
input A(m, k)
input B(k, n)
input C(n, l)
input D(l, q)
E = A * B * C * D
output E
