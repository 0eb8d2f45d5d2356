# A product of two matrices with a vector.
input A(m, k)
input B(k, n)
input x(n, 1)
y = A * B * x
output y
