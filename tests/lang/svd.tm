# run: tmrun {} -q
# Singular values and vectors, eigenvalues and vectors, by tiles of 4, of every
# shape; values alone are the same.
tile 4
param m = 11
param n = 6
A = rand(m, n)
[U, s, V] = svd(A)
print(norm(A - (U .* s') * V') < 1e-13, norm(U'*U - eye(n)) < 1e-13, norm(V'*V - eye(n)) < 1e-13)
print(norm(s - svd(A)) < 1e-13, rows(U), cols(U), rows(s), rows(V), cols(V))
B = A'
[X, t, Y] = svd(B)
print(norm(B - (X .* t') * Y') < 1e-13, norm(s - t) < 1e-13, rows(X), rows(Y))
z = svd([3, 4])
print(round(1e9 * z(0)) / 1e9, rows(svd(zeros(0, 3))), sum(svd(zeros(9, 5))))
S = B * A
[w, Q] = eig(S)
print(norm(S - (Q .* w') * Q') < 1e-12, norm(Q'*Q - eye(n)) < 1e-13, norm(w - eig(S)) < 1e-12)
print(w(0) < w(n - 1), abs(w(n - 1) - s(0)^2) < 1e-12, rows(eig(zeros(0, 0))))
T = rand(7, 7, type=f32)
[W, d, Z] = svd(T)
print(norm(T - (W .* d') * Z') < 1e-5)

# expect
# 1 1 1
# 1 11 6 6 6 6
# 1 1 6 11
# 5 0 0
# 1 1 1
# 1 1 0
# 1
