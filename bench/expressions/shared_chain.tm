# The same product of matrices with two vectors.
input A(m, k)
input B(k, n)
input x(n, 1)
input y(n, 1)
z = A * B * x + A * B * y
output z
