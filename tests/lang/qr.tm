# run: tmrun {} -q
# run: tmrun {} -q --tile 1
# run: tmrun {} -q --tile 5
# run: tmrun {} -q --tile 12 -D m=61 -D n=12
# run: tmrun {} -q --tile 12 -D m=61 -D n=11
# run: tmrun {} -q --tile 3 -D m=10 -D n=10
# run: tmrun {} -q --tile 40 -D m=40 -D n=40
# run: tmrun {} -q -D m=1 -D n=1
# run: tmrun {} -q -D m=7 -D n=1
# run: tmrun {} -q -D m=7 -D n=0
# Thin QR: A = Q R, Q'Q = I, R upper, for one column of tiles and several.
param m = 23
param n = 11
tile 4
A = randn(m, n, seed=3)
[Q, R] = qr(A)
small = 1e-15 * (m + 10)
print(norm(A - Q*R) <= small * norm(A), norm(Q'*Q - eye(n)) < small * 3)
print(norm(R - triu(R)), rows(Q) == m, cols(Q) == n, rows(R) == n)

# expect
# 1 1
# 0 true true true
# 1 1
# 0 true true true
# 1 1
# 0 true true true
# 1 1
# 0 true true true
# 1 1
# 0 true true true
# 1 1
# 0 true true true
# 1 1
# 0 true true true
# 1 1
# 0 true true true
# 1 1
# 0 true true true
# 1 1
# 0 true true true
