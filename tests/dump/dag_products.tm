# run: tmc --no-optimise --emit=dag
# Products in expressions: the rest starts a tile, gemm adds to it; what stands
# round a product works in its tile.
tile 8
input A(m, k)
input B(k, n)
input C(m, n)
input r(1, n)
C = 2 * C - 3 * A * B
D = tanh(A * B + r)
E = A * B + C * (A' * D)'
output D, E

# expect
# for j in 0..ceildiv(cols(B), tile_rows)  # dag_products.tm:9:5
#   for i in 0..ceildiv(rows(A), tile_rows)  # dag_products.tm:9:5
#     map =C#0[i,j] C#1[i,j] r1=2 r2=*(r1,r0)  # dag_products.tm:9:5
#     for k in 0..ceildiv(cols(A), tile_rows)  # dag_products.tm:9:5
#       gemm &C#0[i,j] A#2[i,k] B#3[k,j] : -3  # dag_products.tm:9:13
# for j in 0..ceildiv(cols(B), tile_rows)  # dag_products.tm:10:5
#   for i in 0..ceildiv(rows(A), tile_rows)  # dag_products.tm:10:5
#     for k in 0..ceildiv(cols(A), tile_rows)  # dag_products.tm:10:5
#       gemm &D#4[i,j] A#2[i,k] B#3[k,j] : 1  # dag_products.tm:10:10
#     map &D#4[i,j] r#5[0,j]:row r2=+(r0,r1) r2=tanh(r2)  # dag_products.tm:10:5
# for i in 0..ceildiv(cols(A), tile_rows)  # lib/matmul.tm:4:7 < 11:18
#   for j in 0..ceildiv(cols(B), tile_rows)  # lib/matmul.tm:5:9 < 11:18
#     for k in 0..ceildiv(rows(A), tile_rows)  # lib/matmul.tm:6:11 < 11:18
#       gemm ta &C#6[i,j] A#2[k,i] D#4[k,j] : 1  # lib/matmul.tm:7:19 < 11:18
# for j in 0..ceildiv(cols(B), tile_rows)  # dag_products.tm:11:5
#   for i in 0..ceildiv(rows(A), tile_rows)  # dag_products.tm:11:5
#     for k in 0..ceildiv(cols(A), tile_rows)  # dag_products.tm:11:5
#       gemm &E#7[i,j] A#2[i,k] B#3[k,j] : 1  # dag_products.tm:11:5
#     for k in 0..ceildiv(cols(B), tile_rows)  # dag_products.tm:11:5
#       gemm tb &E#7[i,j] C#0[i,k] C#6[j,k] : 1  # dag_products.tm:11:13
# for j in 0..ceildiv(cols(B), tile_rows)  # dag_products.tm:12:8
#   for i in 0..ceildiv(rows(A), tile_rows)  # dag_products.tm:12:8
#     store D#4[i,j] : 0, i, j  # dag_products.tm:12:8
# for j in 0..ceildiv(cols(B), tile_rows)  # dag_products.tm:12:11
#   for i in 0..ceildiv(rows(A), tile_rows)  # dag_products.tm:12:11
#     store E#7[i,j] : 1, i, j  # dag_products.tm:12:11
