# Two updates of rank one.
input A(m, n)
input u(m, 1)
input v(n, 1)
input x(m, 1)
input y(n, 1)
B = A + u * v' - x * y'
output B
