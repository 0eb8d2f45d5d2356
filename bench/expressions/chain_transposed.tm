# The gradient of a product: the transpose is of the product, as derived.
input A(m, k)
input B(k, n)
input x(m, 1)
g = (A * B)' * x
output g
