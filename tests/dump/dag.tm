# run: tmc --emit=dag
# The tile program of a product: three loops and one accumulating gemm.
param n = 400
tile 100
A = fill(n, n, 1.0)
B = fill(n, n, 2.0)
C = A * B
output C

# expect
# for i in 0..ceildiv(n, tile_rows)  # lib/matmul.tm:4:7 < 7:5
#   for j in 0..ceildiv(n, tile_rows)  # lib/matmul.tm:5:9 < 7:5
#     for k in 0..ceildiv(n, tile_rows)  # lib/matmul.tm:6:11 < 7:5
#       gemm &C#0[i,j] A#1[i,k] B#2[k,j] : 1  # lib/matmul.tm:7:19 < 7:5
# for j in 0..ceildiv(n, tile_rows)  # dag.tm:8:8
#   for i in 0..ceildiv(n, tile_rows)  # dag.tm:8:8
#     store C#0[i,j] : 0, i, j  # dag.tm:8:8
