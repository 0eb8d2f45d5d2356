# run: tmrun {} -q
# A \ b where sizes are known to the compiler, or when the plan is run: least
# squares, LU, least norm.
tile 3
param m = 7
param n = 4
A = rand(m, n)
b = rand(m, 2)
x = A \ b
print(norm(A' * (A*x - b)) < 1e-13, norm(x - (b' / A')') < 1e-13, norm(x - pinv(A) * b) < 1e-13)
c = rand(n, 1)
y = A' \ c
print(norm(A' * y - c) < 1e-13, norm(y - pinv(A') * c) < 1e-13)
S = A' * A
z = S \ c
print(norm(S * z - c) < 1e-13)
F = rand(5, 3)
u = F \ rand(5, 1)
v = F' \ rand(3, 1)
print(rows(u), rows(v))

# expect
# 1 1 1
# 1 1
# 1
# 3 5
