# run: tmrun {} -q
# status: 1
# A name that was taken for definite: what for is said with it.
X = [1, 2; 2, 4; 3, 6]
G = X' * X
b = G \ ones(2, 1)
print(sum(b))

# expect
# run_definite_inferred.tm:6:5: error: G = X' * X (line 5) is not positive definite: leading minor 2 (tile 0,0)
#     6 | b = G \ ones(2, 1)
#       |     ^~~~~~~~~~~~~~
# note: in chol of the library (lib/chol.tm:7)
