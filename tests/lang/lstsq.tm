# run: tmrun {} -q
# run: tmrun {} -q --tile 1
# run: tmrun {} -q --tile 50
# run: tmrun {} -q --tile 3 -D m=9
# run: tmrun {} -q --tile 12 -D m=70
# run: tmrun {} -q -D m=1 -D n=1
# run: tmrun {} -q -D p=1
# run: tmrun {} -q -D n=0
# run: tmrun {} -q -D p=0
# Least squares: an exact solution is found, and residuals are normal to A.
param m = 29
param n = 9
param p = 6
tile 4
A = randn(m, n, seed=5)
b = randn(n, p, seed=6)
x = lstsq(A, A * b)
y = randn(m, p, seed=7)
z = lstsq(A, y)
print(norm(x - b) < 1e-12, norm(A' * (y - A*z)) < 1e-12, rows(z) == n, cols(z) == p)

# expect
# 1 1 true true
# 1 1 true true
# 1 1 true true
# 1 1 true true
# 1 1 true true
# 1 1 true true
# 1 1 true true
# 1 1 true true
# 1 1 true true
