# The norm of a residual; nothing is kept but the number.
input A(m, n)
input x(n, 1)
input y(m, 1)
r = norm(A * x - y)
output r
