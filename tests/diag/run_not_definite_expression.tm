# run: tmrun {} -q --threads 2
# status: 1
# The factor's argument is shown as it is written; the first print happens,
# what is behind the failure does not.
param lam = 7
tile 4
X = eye(10)
print("before", norm(X))
L = chol(X' * X - lam * eye(10))
print("behind", sum(L))
output L

# expect
# before 3.1622776601683795
# run_not_definite_expression.tm:9:5: error: X' * X - lam * eye(10) is not positive definite: leading minor 1 (tile 0,0)
#     9 | L = chol(X' * X - lam * eye(10))
#       |     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~
# note: in chol of the library (lib/chol.tm:7)
