# run: tmc {}
# status: 1
# A mistake in the argument of a library function is the caller's.
A = ones(3, 4)
print(sum(chol(A)))

# expect
# in_library.tm:5:11: error: chol needs a square matrix: A is 3 x 4 [not_square]
#     5 | print(sum(chol(A)))
#       |           ^~~~~~~
