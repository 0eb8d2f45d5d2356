# run: tmc --explain -D n=3 {} 2>/dev/null
input X(m, n)
input y(m, 1)
param lam = 0.5
G = X' * X
c = X' * y + lam
A = spd(n)
L = chol(A +
  G)
unused = X + X
b = inv(G) * c
b1 = b
for i in 0..n
  c = c + i
end
print("sum", sum(c))
output L, b1

# expect
# explain_formulas.tm: for numbers the size m is wanted: -D 'm=...'
#
#     5 | G = X' * X
#       | syrk, tril, gemm
#     6 | c = X' * y + lam
#       | 2*m*n flop: map, gemm
#     8 | L = chol(A +
#       | map, tril, potrf, trsm, syrk, gemm
#    10 | unused = X + X
#       | warning: unused is assigned and nowhere used [unused]
#    11 | b = inv(G) * c
#       | tril, potrf, trsm, syrk, gemm
#       | order of products: inv(G)*c -> G \ c
#       |     (8*n^3/3 + 2*n^2) flop -> (n^3/3 + 2*n^2) flop, (24*n^2 + 16*n) B -> (8*n^2 + 16*n) B
#       | definite system: G \ c -> chol(G)' \ (chol(G) \ c), as G is X' * X (line 5)
#       |     (n^3/3 + 2*n^2) flop -> (n^3/3 + 2*n^2) flop, (8*n^2 + 16*n) B -> (8*n + 8*n*n + 8*n*n + 8*n*n + 8*n + 8*n + 8*n*n + 8*n*n + 8*n*n + 8*n) B
#       | warning: inv(A) * b is more work and less accurate than A \ b [inverse]
#    14 |   c = c + i
#       | n^2 flop: map
#    16 | print("sum", sum(c))
#       | n + ... flop: sum, map, print
#    17 | output L, b1
#       | 0 flop: store
