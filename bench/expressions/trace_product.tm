# The trace of a product: of its entries only the diagonal is wanted.
input A(m, n)
input B(n, m)
t = trace(A * B)
output t
