# run: tmrun {} -q
# run: tmrun {} -q --tile 1
# run: tmrun {} -q --tile 3 --threads 2
# run: tmrun {} -q --tile 4 -D m=13 -D n=7
# run: tmrun {} -q --tile 4 -D m=1 -D n=1
# run: tmrun {} -q --tile 4 -D m=4 -D n=1
# run: tmrun {} -q --tile 4 -D m=1 -D n=9
# run: tmrun {} -q --tile 4 -D m=5 -D n=0
# Whole numbers: what is fused is what is stored first, exactly.
param m = 9
param n = 5
A = round(10 * rand(m, n, seed=1))
B = round(10 * rand(m, n, seed=2)) - 5
V = round(3 * rand(n, n, seed=3))
w = round(9 * rand(n, 1, seed=4))
z = round(9 * rand(m, 1, seed=5))
P = A .* B - 2 * A
C = A + 0
print(sum(A .* B - 2 * A) == sum(P), norm(A .* B - 2 * A) == norm(P))
print(norm(rowsums(A .* B - 2 * A) - rowsums(P)), norm(colsums(A .* B - 2 * A) - colsums(P)))
print(dot(A - B, A + B) == sum(A .* A) - sum(B .* B))

# Products: on their own first, then in expressions.
Q = A * V
R = V * w
print(norm(B - 2 * A * V - (B - 2 * Q)), norm(abs(A * V - z) - abs(Q - z)))
print(norm(Q .* (A * V) - Q .* Q), norm((V * w)' - R'))
print(norm(A' * B - (B' * A)'), norm(A * V + B * V - (A + B) * V))

# Carried round a loop, read by what is assigned.
X = V
for i in 0..2
  X = X - V * X + w
  if i == 0
    Y = X + V * X
  else
    Y = X - X * V
  end
end
X1 = V - V * V + w
X2 = X1 - V * X1 + w
T = X2 * V
print(norm(X - X2), norm(Y - (X2 - T)))

# Symmetric, triangular, diagonal.
G = A' * A
H = G - 2 * A' * A + eye(n)
print(norm(G - G'), norm(H + A' * A - eye(n)))
print(norm(tril(V) * w - (tril(V) + 0) * w), norm(w - triu(V) * w + triu(V) * w - w))
D = diag(w) + 0
print(norm(diag(w) * V - D * V), norm(V * diag(w) - V * D), norm(eye(m) * A - A))

# Only the lower half is made of S; U is read by itself too.
S = 4 * A' * A + 100 * eye(n)
U = 4 * A' * A + 100 * eye(n)
L = chol(S)
assume U is spd
print(norm(L * L' - U) <= 1e-12 * norm(U), norm(U * (U \ w) - w) <= 1e-12 * (1 + norm(w)))

# expect
# 1 1
# 0 0
# 1
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0 0
# 1 1
# 1 1
# 0 0
# 1
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0 0
# 1 1
# 1 1
# 0 0
# 1
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0 0
# 1 1
# 1 1
# 0 0
# 1
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0 0
# 1 1
# 1 1
# 0 0
# 1
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0 0
# 1 1
# 1 1
# 0 0
# 1
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0 0
# 1 1
# 1 1
# 0 0
# 1
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0 0
# 1 1
# 1 1
# 0 0
# 1
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0
# 0 0 0
# 1 1
