# Rows and columns of A scaled, as it stands in books.
input A(m, n)
input d(m, 1)
input e(n, 1)
S = diag(d) * A * diag(e)
output S
