# run: tmc --emit=dag
# Tile statements become kernels; transposes are flags, a copy is an alias.
param n = 6
tile 2
A = spd(n)
L = tril(A)
matrix C(n, n)
for k in 0..trows(A)
  L[k,k] = chol(L[k,k])
  for i in k+1..trows(A)
    L[i,k] = trsm(L[k,k], L[i,k], side="right", trans=true)
    L[i,i] -= L[i,k] * L[i,k]'
  end
end
C[0,0] = A[1,1]
C[1,1] += 2 * A[0,1]' * A[1,0]
output C, L

# expect
# for j in 0..ceildiv(n, tile_rows)  # lib/tril.tm:6:7 < 6:5
#   tril =L#0[j,j] A#1[j,j]  # lib/tril.tm:7:14 < 6:5
#   for i in j + 1..ceildiv(n, tile_rows)  # lib/tril.tm:8:9 < 6:5
#     alias =L#0[i,j] A#1[i,j]  # lib/tril.tm:9:7 < 6:5
# for k in 0..ceildiv(n, tile_rows)  # dag_tiles.tm:8:5
#   potrf &L#0[k,k]  # dag_tiles.tm:9:12
#   for i in k + 1..ceildiv(n, tile_rows)  # dag_tiles.tm:10:7
#     trsm ta right &L#0[i,k] L#0[k,k] : 1  # dag_tiles.tm:11:14
#     syrk &L#0[i,i] L#0[i,k] : -1  # dag_tiles.tm:12:15
# alias =C#2[0,0] A#1[1,1]  # dag_tiles.tm:15:1
# gemm ta &C#2[1,1] A#1[0,1] A#1[1,0] : 2  # dag_tiles.tm:16:11
# for j in 0..ceildiv(n, tile_rows)  # dag_tiles.tm:17:8
#   for i in 0..ceildiv(n, tile_rows)  # dag_tiles.tm:17:8
#     store C#2[i,j] : 0, i, j  # dag_tiles.tm:17:8
# for j in 0..ceildiv(n, tile_rows)  # dag_tiles.tm:17:11
#   for i in 0..ceildiv(n, tile_rows)  # dag_tiles.tm:17:11
#     store L#0[i,j] : 1, i, j  # dag_tiles.tm:17:11
