# run: tmrun {} -q
# status: 1
# An imaginary part on the diagonal is twice as far from its conjugate.
A = [4, 1; 1, 5] + complex(0, 1) * [0, -1; 1, 3]
print(round(1e9 * norm(chol(A))) / 1e9)
w = eig(A)
print(w(0))

# expect
# 3
# run_eig_not_hermitian.tm:6:5: error: eig is of symmetric matrices, and this one differs from its transpose by 6
#     6 | w = eig(A)
#       |     ^~~~~~
# note: in eig_tile of the library (lib/eig_tile.tm:8)
# note: in eig_values of the library (lib/eig_values.tm:3)
