# run: tmrun {} -q
# status: 1
# It was declared definite, so Cholesky solves.
A = eye(3) - 1
assume A is spd
x = A \ ones(3, 1)
print(sum(x))

# expect
# run_solve_not_definite.tm:6:5: error: A is not positive definite: leading minor 1 (tile 0,0)
#     6 | x = A \ ones(3, 1)
#       |     ^~~~~~~~~~~~~~
# note: in chol of the library (lib/chol.tm:7)
