# run: tmrun {} -q
# status: 1
# X'*X is solved with as definite: where columns depend on one another, that
# is said of it.
X = [1, 1; 0, 0; 0, 0]
x = (X'*X) \ ones(2, 1)
print(sum(x))

# expect
# run_solve_gram_singular.tm:6:5: error: X'*X is not positive definite: leading minor 2 (tile 0,0)
#     6 | x = (X'*X) \ ones(2, 1)
#       |     ^~~~~~~~~~~~~~~~~~~
# note: in chol of the library (lib/chol.tm:7)
