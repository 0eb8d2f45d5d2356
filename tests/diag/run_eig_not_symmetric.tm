# run: tmrun {} -q
# status: 1
# eig compares the halves of what is not known to be symmetric.
A = [1, 2; 3, 4]
assume A is symmetric
print(round(1e9 * sum(eig(A))) / 1e9)
B = [1, 2; 3, 4]
w = eig(B)
print(sum(w))

# expect
# 5
# run_eig_not_symmetric.tm:8:5: error: eig is of symmetric matrices, and this one differs from its transpose by 1
#     8 | w = eig(B)
#       |     ^~~~~~
# note: in eig_tile of the library (lib/eig_tile.tm:8)
# note: in eig_values of the library (lib/eig_values.tm:3)
