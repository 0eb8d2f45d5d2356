# run: tmrun {} -q
# status: 1
# More columns than rows, and two rows alike.
param m = 2
A = ones(m, 3)
x = A \ ones(m, 1)
print(sum(x))
y = [1, 1, 0; 0, 0, 0] \ ones(2, 1)

# expect
# run_least_norm_singular.tm:6:5: error: row 1 of the matrix depends on those before it: pinv(A) * b gives the least squares solution of least norm
#     6 | x = A \ ones(m, 1)
#       |     ^~~~~~~~~~~~~~
# note: in least_norm of the library (lib/least_norm.tm:8)
# note: in solve of the library (lib/solve.tm:51)
