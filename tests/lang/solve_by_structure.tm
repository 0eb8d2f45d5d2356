# run: tmrun {} -q
# run: tmrun {} -q --tile 1
# run: tmrun {} -q --tile 3 -D n=1
# run: tmrun {} -q --tile 50 -D r=1
# run: tmrun {} -q -D n=0
# A \ B and B / A: general, triangular, definite, transposed, many columns.
param n = 11
param r = 6
tile 4
function bad = off(A, X, B)
  bad = norm(A * X - B) > 1e-12
end
A = randn(n, n) + n * eye(n)
B = randn(n, r)
L = tril(A)
S = spd(n)
D = 2 * eye(n)
assume D is diagonal
print(off(A, A \ B, B), off(A', A' \ B, B), off(S, S \ B, B), off(D, D \ B, B))
print(off(L, L \ B, B), off(L', L' \ B, B), off(triu(A), triu(A) \ B, B))
print(off(A', (B' / A)', B), off(S', (B' / S)', B), off(L', (B' / L)', B))
print(off(L, (B' / L')', B), off(D, (B' / D)', B))
X = B
X = A \ X # its own right side
x = A \ B
print(norm(X - x), norm((A + A) \ (B + B) - X) < 1e-12)
R = retile(A, 2, 3) \ retile(B, 5, 1)
print(norm(R - X) < 1e-12)
for k in 0..2
  X = A \ X
end
print(norm(A * (A * (A * X)) - B) < 1e-9)
s = sum(ones(2, 1))
print(sum(s \ [2, 4]), 4 \ 2)

# expect
# 0 0 0 0
# 0 0 0
# 0 0 0
# 0 0
# 0 1
# 1
# 1
# 3 0.5
# 0 0 0 0
# 0 0 0
# 0 0 0
# 0 0
# 0 1
# 1
# 1
# 3 0.5
# 0 0 0 0
# 0 0 0
# 0 0 0
# 0 0
# 0 1
# 1
# 1
# 3 0.5
# 0 0 0 0
# 0 0 0
# 0 0 0
# 0 0
# 0 1
# 1
# 1
# 3 0.5
# 0 0 0 0
# 0 0 0
# 0 0 0
# 0 0
# 0 1
# 1
# 1
# 3 0.5
