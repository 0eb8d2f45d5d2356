# run: tmc {}
# status: 1
A = ones(3, 4)
print(sum(chol(A)))

# expect
# in_library.tm:4:11: error: chol needs a square matrix: A is 3 x 4 [not_square]
#     4 | print(sum(chol(A)))
#       |           ^~~~~~~
