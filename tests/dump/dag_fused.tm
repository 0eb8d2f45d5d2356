# run: tmc --no-optimise --emit=dag
# Reductions of expressions: one task a tile, and no matrix in between.
tile 8
input A(m, n)
input B(m, n)
input y(m, 1)
s = sum(A .* B)
r = rowsums(abs(A - y))
c = colsums(A .* B)
t = norm(A * (B' * y) - y)
output s, r, c, t

# expect
# for j in 0..ceildiv(cols(A), tile_rows)  # lib/sum.tm:6:7 < 7:5
#   for i in 0..ceildiv(rows(A), tile_rows)  # lib/sum.tm:7:9 < 7:5
#     map_sum =P#0[i + (j * ceildiv(rows(A), tile_rows)),0] A#1[i,j] B#2[i,j] r2=*(r0,r1)  # lib/sum.tm:8:25 < 7:5
# for level in 0..ceil_log2(max(1, ceildiv(cols(A), tile_rows) * ceildiv(rows(A), tile_rows)))  # lib/sum.tm:11:7 < 7:5
#   set h assigned = true  # lib/sum.tm:12:5 < 7:5
#   set h = 2 ^ level  # lib/sum.tm:12:5 < 7:5
#   for i in 0..(ceildiv(cols(A), tile_rows) * ceildiv(rows(A), tile_rows)) - (2 ^ level) step (2 ^ level) * 2  # lib/sum.tm:13:9 < 7:5
#     map &P#0[i,0] P#0[(2 ^ level) + i,0] r2=+(r0,r1)  # lib/sum.tm:14:25 < 7:5
# alias =s#3[0,0] P#0[0,0]  # lib/sum.tm:18:3 < 7:5
# for i in 0..ceildiv(rows(A), tile_rows)  # lib/rowsums.tm:6:7 < 8:5
#   for j in 0..ceildiv(cols(A), tile_rows)  # lib/rowsums.tm:7:9 < 8:5
#     map_rowsums =P#4[i,j] A#1[i,j] y#6[i,0]:col r2=-(r0,r1) r2=abs(r2)  # lib/rowsums.tm:8:16 < 8:5
#   for level in 0..ceil_log2(max(1, ceildiv(cols(A), tile_rows)))  # lib/rowsums.tm:10:9 < 8:5
#     set h assigned = true  # lib/rowsums.tm:11:7 < 8:5
#     set h = 2 ^ level  # lib/rowsums.tm:11:7 < 8:5
#     for j in 0..ceildiv(cols(A), tile_rows) - (2 ^ level) step (2 ^ level) * 2  # lib/rowsums.tm:12:11 < 8:5
#       map &P#4[i,j] P#4[i,(2 ^ level) + j] r2=+(r0,r1)  # lib/rowsums.tm:13:27 < 8:5
#   alias =r#5[i,0] P#4[i,0]  # lib/rowsums.tm:16:5 < 8:5
# for i in 0..ceildiv(cols(A), tile_rows)  # lib/rowsums.tm:6:7 < 3:7 < 9:5
#   for j in 0..ceildiv(rows(A), tile_rows)  # lib/rowsums.tm:7:9 < 3:7 < 9:5
#     map_rowsums =P#7[i,j] A#1[j,i]' B#2[j,i]' r2=*(r0,r1)  # lib/rowsums.tm:8:16 < 3:7 < 9:5
#   for level in 0..ceil_log2(max(1, ceildiv(rows(A), tile_rows)))  # lib/rowsums.tm:10:9 < 3:7 < 9:5
#     set h assigned = true  # lib/rowsums.tm:11:7 < 3:7 < 9:5
#     set h = 2 ^ level  # lib/rowsums.tm:11:7 < 3:7 < 9:5
#     for j in 0..ceildiv(rows(A), tile_rows) - (2 ^ level) step (2 ^ level) * 2  # lib/rowsums.tm:12:11 < 3:7 < 9:5
#       map &P#7[i,j] P#7[i,(2 ^ level) + j] r2=+(r0,r1)  # lib/rowsums.tm:13:27 < 3:7 < 9:5
#   alias =s#8[i,0] P#7[i,0]  # lib/rowsums.tm:16:5 < 3:7 < 9:5
# for j in 0..ceildiv(cols(A), tile_rows)  # lib/colsums.tm:3:7 < 9:5
#   map =s#9[0,j] s#8[j,0]' r1=copy(r0)  # lib/colsums.tm:3:7 < 9:5
# for i in 0..ceildiv(cols(A), tile_rows)  # lib/matmul.tm:4:7 < 10:15
#   for j in 0..1  # lib/matmul.tm:5:9 < 10:15
#     for k in 0..ceildiv(rows(A), tile_rows)  # lib/matmul.tm:6:11 < 10:15
#       gemm ta &C#10[i,j] B#2[k,i] y#6[k,j] : 1  # lib/matmul.tm:7:19 < 10:15
# for j in 0..1  # lib/norm.tm:6:7 < 10:5
#   for i in 0..ceildiv(rows(A), tile_rows)  # lib/norm.tm:7:9 < 10:5
#     for k in 0..ceildiv(cols(A), tile_rows)  # lib/norm.tm:8:25 < 10:5
#       gemm &temp#12[i,j] A#1[i,k] C#10[k,j] : 1  # dag_fused.tm:10:10 < 10:5
#     map_norm =P#11[i + (j * ceildiv(rows(A), tile_rows)),0] temp#12[i,j] y#6[i,0] r2=-(r0,r1)  # lib/norm.tm:8:25 < 10:5
#     release temp#12[i,j]  # lib/norm.tm:8:25 < 10:5
# for level in 0..ceil_log2(max(1, ceildiv(rows(A), tile_rows)))  # lib/norm.tm:11:7 < 10:5
#   set h assigned = true  # lib/norm.tm:12:5 < 10:5
#   set h = 2 ^ level  # lib/norm.tm:12:5 < 10:5
#   for i in 0..ceildiv(rows(A), tile_rows) - (2 ^ level) step (2 ^ level) * 2  # lib/norm.tm:13:9 < 10:5
#     map &P#11[i,0] P#11[(2 ^ level) + i,0] r2=hypot(r0,r1)  # lib/norm.tm:14:16 < 10:5
# alias =t#13[0,0] P#11[0,0]  # lib/norm.tm:18:3 < 10:5
# store s#3[0,0] : 0, 0, 0  # dag_fused.tm:11:8
# for i in 0..ceildiv(rows(A), tile_rows)  # dag_fused.tm:11:11
#   store r#5[i,0] : 1, i, 0  # dag_fused.tm:11:11
# for j in 0..ceildiv(cols(A), tile_rows)  # dag_fused.tm:11:14
#   store s#9[0,j] : 2, 0, j  # dag_fused.tm:11:14
# store t#13[0,0] : 3, 0, 0  # dag_fused.tm:11:17
