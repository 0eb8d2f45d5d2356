# run: tmc --emit=graph
# The same steps, rewritten: the product with a vector is taken from the right.
input A(m, k)
input B(k, n)
input x(n, 1)
y = A * B * x
output y

# expect
# y = (* (* A B) x)  # rows(A) x 1
# store y
