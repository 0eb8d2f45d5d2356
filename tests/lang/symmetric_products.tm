# run: tmrun {} -q
# run: tmrun {} -q --no-optimise
# Products that are their own transpose, in tiles that are not square. Q and D
# are what S and diag(w) are, which the compiler does not know.
tile 6, 4
X = f64(randn(9, 9))
S = spd(9)
Q = S + 0 * X
w = f64(rand(9, 1)) - 0.5
D = diag(w) + 0 * X
V = S * S
print(norm(V - S * Q) < 1e-12 * norm(V))
Y = S + X' * diag(w) * X
print(norm(Y - S - X' * D * X) < 1e-12 * norm(Y))
Y = X * diag(w) * X' - S
print(norm(Y + S - X * D * X') < 1e-12 * norm(Y))
L = chol(X' * (w .* w .* X) + S)
print(norm(L * L' - X' * D * D * X - S) < 1e-12 * norm(S))

# expect
# 1
# 1
# 1
# 1
# 1
# 1
# 1
# 1
