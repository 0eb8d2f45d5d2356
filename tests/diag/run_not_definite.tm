# run: tmrun {} -q
# status: 1
# The leading minor in the whole matrix, and the tile where it ends.
param n = 40
tile 8
A = eye(n)
A[3,3] = A[3,3] - 2 * A[3,3] .* tril(fill(1, 1, 0.0) + A[3,3])
L = chol(A)
print(sum(L))

# expect
# run_not_definite.tm:8:5: error: A is not positive definite: leading minor 25 (tile 3,3)
#     8 | L = chol(A)
#       |     ^~~~~~~
# note: in chol of the library (lib/chol.tm:7)
