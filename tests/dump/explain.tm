# run: tmc --explain -D m=7 -D n=3 --tile 2 {} 2>/dev/null
# Lines that do work: tasks, flops, bytes.  Numbers of one task are kernels';
# an update of a tile that nobody has written reads nothing.
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
# explain.tm: lam = 0.5, X 7 x 3, y 7 x 1, tiles 2 x 2
#
#     7 | G = X' * X
#       | 84 flop, 808 B: 8 syrk, 2 tril, 4 gemm
#     8 | c = X' * y + lam
#       | 42 flop, 496 B: 2 map, 8 gemm
#    10 | L = chol(A +
#       | 21 flop, 424 B: 3 map, 2 tril, 2 potrf, 1 trsm, 1 syrk
#    12 | unused = X + X
#       | warning: unused is assigned and nowhere used [unused]
#    13 | b = inv(G) * c
#       | 32 flop, 536 B: 2 tril, 2 potrf, 5 trsm, 1 syrk, 2 gemm
#       | order of products: inv(G)*c -> G \ c
#       |     90 flop -> 27 flop, 264 B -> 120 B
#       | definite system: G \ c -> chol(G)' \ (chol(G) \ c), as G is X' * X (line 7)
#       |     27 flop -> 27 flop, 120 B -> 528 B
#       | warning: inv(A) * b is more work and less accurate than A \ b [inverse]
#    16 |   c = c + i
#       | 9 flop, 144 B: 6 map
#    18 | print("sum", sum(c))
#       | 3 flop, 72 B: 2 sum, 1 map, 1 print
#    19 | output L, b1
#       | 0 flop, 96 B: 6 store
#
# total: 191 flop, 2.576 kB: 61 tasks
