# run: tmc --emit=dag
# Symmetric products: half of the tiles; the upper ones are copies, or not made
# where nothing reads them.
tile 8
input X(m, n)
input Y(m, n)
input y(n, 1)
G = X' * X
S = Y' * Y + 2 * eye(n)
L = chol(S)
z = tril(G) * y + diag(y) * y
output G, L, z

# expect
# for j in 0..ceildiv(cols(X), tile_rows)  # lib/mirrored.tm:7:7 < 8:5
#   for k in 0..ceildiv(rows(X), tile_rows)  # lib/mirrored.tm:8:14 < 8:5
#     syrk ta mirror &G#0[j,j] X#1[k,j] : 1  # lib/mirrored.tm:8:14 < 8:5
#   for i in j + 1..ceildiv(cols(X), tile_rows)  # lib/mirrored.tm:9:9 < 8:5
#     for k in 0..ceildiv(rows(X), tile_rows)  # lib/mirrored.tm:10:16 < 8:5
#       gemm ta &G#0[i,j] X#1[k,i] X#1[k,j] : 1  # lib/mirrored.tm:10:16 < 8:5
#     map =G#0[j,i] G#0[i,j]' r1=copy(r0)  # lib/mirrored.tm:11:7 < 8:5
# for j in 0..ceildiv(cols(X), tile_rows)  # lib/tril.tm:6:7 < 9:5
#   for k in 0..ceildiv(rows(X), tile_rows)  # lib/tril.tm:7:14 < 9:5
#     syrk ta &temp#3[j,j] Y#4[k,j] : 1  # dag_gram.tm:9:5 < 9:5
#   map_diagonal &temp#3[j,j] r1=2 r2=+(r0,r1)  # lib/tril.tm:7:19 < 9:5
#   tril =S#2[j,j] temp#3[j,j]  # lib/tril.tm:7:14 < 9:5
#   release temp#3[j,j]  # lib/tril.tm:7:14 < 9:5
#   for i in j + 1..ceildiv(cols(X), tile_rows)  # lib/tril.tm:8:9 < 9:5
#     for k in 0..ceildiv(rows(X), tile_rows)  # lib/tril.tm:9:16 < 9:5
#       gemm ta &S#2[i,j] Y#4[k,i] Y#4[k,j] : 1  # dag_gram.tm:9:5 < 9:5
#     if j == i  # lib/tril.tm:9:16 < 9:5
#       map_diagonal &S#2[i,j] r1=2 r2=+(r0,r1)  # lib/tril.tm:9:16 < 9:5
# for j in 0..ceildiv(cols(X), tile_rows)  # lib/tril.tm:6:7 < 4:7 < 10:5
#   tril =L#5[j,j] S#2[j,j]  # lib/tril.tm:7:14 < 4:7 < 10:5
#   for i in j + 1..ceildiv(cols(X), tile_rows)  # lib/tril.tm:8:9 < 4:7 < 10:5
#     alias =L#5[i,j] S#2[i,j]  # lib/tril.tm:9:7 < 4:7 < 10:5
# for k in 0..ceildiv(cols(X), tile_rows)  # lib/chol.tm:6:7 < 10:5
#   potrf &L#5[k,k]  # lib/chol.tm:7:14 < 10:5
#   for i in k + 1..ceildiv(cols(X), tile_rows)  # lib/chol.tm:8:9 < 10:5
#     trsm ta right &L#5[i,k] L#5[k,k] : 1  # lib/chol.tm:9:16 < 10:5
#   for i in k + 1..ceildiv(cols(X), tile_rows)  # lib/chol.tm:11:9 < 10:5
#     syrk &L#5[i,i] L#5[i,k] : -1  # lib/chol.tm:12:17 < 10:5
#     for j in k + 1..i  # lib/chol.tm:13:11 < 10:5
#       gemm tb &L#5[i,j] L#5[i,k] L#5[j,k] : -1  # lib/chol.tm:14:19 < 10:5
# for j in 0..ceildiv(cols(X), tile_rows)  # lib/tril.tm:6:7 < 11:5
#   tril =L#6[j,j] G#0[j,j]  # lib/tril.tm:7:14 < 11:5
#   for i in j + 1..ceildiv(cols(X), tile_rows)  # lib/tril.tm:8:9 < 11:5
#     alias =L#6[i,j] G#0[i,j]  # lib/tril.tm:9:7 < 11:5
# for i in 0..ceildiv(cols(X), tile_rows)  # lib/matmul_triangular.tm:14:7 < 11:5
#   for j in 0..1  # lib/matmul_triangular.tm:15:9 < 11:5
#     set low assigned = true  # lib/matmul_triangular.tm:16:7 < 11:5
#     set low = 0  # lib/matmul_triangular.tm:16:7 < 11:5
#     set high assigned = true  # lib/matmul_triangular.tm:17:7 < 11:5
#     set high = ceildiv(cols(X), tile_rows)  # lib/matmul_triangular.tm:17:7 < 11:5
#     set high assigned = true  # lib/matmul_triangular.tm:19:9 < 11:5
#     set high = min(ceildiv(cols(X), tile_rows), i + 1)  # lib/matmul_triangular.tm:19:9 < 11:5
#     if (0 < min(ceildiv(cols(X), tile_rows), i + 1)) && ((i + 1) == min(ceildiv(cols(X), tile_rows), i + 1))  # lib/matmul_triangular.tm:31:12 < 11:5
#       alias =C#7[i,j] y#8[i,j]  # lib/matmul_triangular.tm:32:20 < 11:5
#       trmm &C#7[i,j] L#6[i,i] : 1  # lib/matmul_triangular.tm:32:20 < 11:5
#       set high assigned = true  # lib/matmul_triangular.tm:33:11 < 11:5
#       set high = i  # lib/matmul_triangular.tm:33:11 < 11:5
#       set high = i  # lib/matmul_triangular.tm:31:12 < 11:5
#     else  # lib/matmul_triangular.tm:31:12 < 11:5
#       set high = min(ceildiv(cols(X), tile_rows), i + 1)  # lib/matmul_triangular.tm:31:12 < 11:5
#     for k in 0..high  # lib/matmul_triangular.tm:51:11 < 11:5
#       gemm &C#7[i,j] L#6[i,k] y#8[k,j] : 1  # lib/matmul_triangular.tm:52:19 < 11:5
# for i in 0..ceildiv(cols(X), tile_rows)  # dag_gram.tm:11:5
#   map =z#9[i,0] C#7[i,0] y#8[i,0] r2=*(r1,r1) r2=+(r0,r2)  # dag_gram.tm:11:5
# for j in 0..ceildiv(cols(X), tile_rows)  # dag_gram.tm:12:8
#   for i in 0..ceildiv(cols(X), tile_rows)  # dag_gram.tm:12:8
#     store G#0[i,j] : 0, i, j  # dag_gram.tm:12:8
# for j in 0..ceildiv(cols(X), tile_rows)  # dag_gram.tm:12:11
#   for i in 0..ceildiv(cols(X), tile_rows)  # dag_gram.tm:12:11
#     store L#5[i,j] : 1, i, j  # dag_gram.tm:12:11
# for i in 0..ceildiv(cols(X), tile_rows)  # dag_gram.tm:12:14
#   store z#9[i,0] : 2, i, 0  # dag_gram.tm:12:14
