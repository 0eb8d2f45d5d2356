# The lower triangle of a matrix times another.
input A(n, n)
input B(n, m)
C = tril(A) * B
output C
