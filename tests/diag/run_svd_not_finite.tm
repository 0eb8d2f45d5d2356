# run: tmrun {} -q
# status: 1
# No singular values of what is not finite.
A = [1, 2; 3, 4; 5, 6]
A(2, 0) = 0 / A(0, 0) * inf
s = svd(A)
print(sum(s))

# expect
# run_svd_not_finite.tm:6:5: error: A has an entry that is NaN or infinite
#     6 | s = svd(A)
#       |     ^~~~~~
# note: in svd_values of the library (lib/svd_values.tm:21)
