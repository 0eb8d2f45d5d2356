# A power of a matrix times a vector.
input A(n, n)
input x(n, 1)
y = A * A * A * A * A * A * A * A * x
output y
