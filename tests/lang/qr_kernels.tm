# run: tmrun {} -q
# run: tmrun {} -q -D m=20
# run: tmrun {} -q -D m=7
# run: tmrun {} -q -D m=3
# run: tmrun {} -q -D m=40 -D n=40 -D r=45
# The kernels of QR by name, with results that are not wanted, in tiles that
# are arguments too, and with arguments that are transposed.
param m = 21
param n = 5
param r = 8
A = retile(randn(m, n, seed=9), r, n)
t = trows(A)
matrix R(t*n, n) tile n, n
for i in 0..t
  [_, R[i,0]] = geqrt(A[i,0])     # of fewer rows than n in the last tile
end
for level in 0..ceil(log2(t))
  h = 2^level
  for i in 0..t - h step 2*h
    [_, R[i,0]] = tsqrt(R[i,0], R[i+h,0])
  end
end
matrix F(n, n) tile n, n
F[0,0] = R[0,0]
print(norm(F'*F - A'*A) < 1e-14 * norm(A)^2, norm(F - triu(F)))

# [F; B] = Q [G; 0], with V in the tile of B and G in that of F
B = retile(randn(r, n, seed=10), r, n)
V = B
G = F
matrix T(n, n) tile n, n
[V[0,0], G[0,0], T[0,0]] = tsqrt(G[0,0], V[0,0])
matrix C(n, n) tile n, n
matrix D(r, n) tile r, n
[C[0,0], D[0,0]] = tsmqr(V[0,0], T[0,0], G[0,0], D[0,0])
print(norm(C - F) < 1e-14 * norm(F), norm(D - B) < 1e-14 * norm(B))
[C[0,0], _] = tsmqr(V[0,0], T[0,0], C[0,0], D[0,0], trans=true)
[_, D[0,0]] = tsmqr(V[0,0], T[0,0], F[0,0], B[0,0], trans=true)
print(norm(C - G) < 1e-14 * norm(G), norm(D) < 1e-14 * norm(B))

# Results that change places: what is read is what was there before.
matrix P(2*n, n) tile n, n
P[0,0] = F[0,0]
P[1,0] = G[0,0]
[P[0,0], P[1,0]] = tsqrt(P[0,0], P[1,0])
matrix S(n, n) tile n, n
S[0,0] = P[1,0]
print(norm(S'*S - F'*F - G'*G) < 1e-13 * norm(S)^2)

# Q applied to its own V; a transposed argument
[V[0,0], G[0,0], T[0,0]] = geqrt(B[0,0])
W = V
W[0,0] = unmqr(W[0,0], T[0,0], W[0,0])
E = V
E[0,0] = unmqr(V[0,0], T[0,0], E[0,0])
E[0,0] -= W[0,0]
D[0,0] = unmqr(V[0,0], T[0,0], B[0,0], trans=true)
D[0,0] = 2 * unmqr(V[0,0], T[0,0], D[0,0])
Bt = retile(B', n, r)
matrix H(n, n) tile n, n
[_, H[0,0]] = geqrt(Bt[0,0]')
print(norm(E), norm(D - 2*B) < 1e-14 * norm(B), norm(H - G))

# expect
# 1 0
# 1 1
# 1 1
# 1
# 0 1 0
# 1 0
# 1 1
# 1 1
# 1
# 0 1 0
# 1 0
# 1 1
# 1 1
# 1
# 0 1 0
# 1 0
# 1 1
# 1 1
# 1
# 0 1 0
# 1 0
# 1 1
# 1 1
# 1
# 0 1 0
