# run: tmrun {} -D N=3
# status: 2
# A parameter that there is not.
param n = 3
param tol = 0.1
print(n, tol)

# expect
# tmrun: error: there is no parameter N; parameters are n, tol
