# A system with a triangle, which the solver is not told.
input A(n, n)
input B(n, m)
X = tril(A) \ B
output X
