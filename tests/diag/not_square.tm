# run: tmc {}
# status: 1
# A square matrix is wanted.
A = ones(3, 4)
L = chol(A)
t = trace(A')

# expect
# not_square.tm:5:5: error: chol needs a square matrix: A is 3 x 4 [not_square]
#     5 | L = chol(A)
#       |     ^~~~~~~
# not_square.tm:6:5: error: trace needs a square matrix: A' is 4 x 3 [not_square]
#     6 | t = trace(A')
#       |     ^~~~~~~~~
