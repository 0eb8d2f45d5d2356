# run: tmc --emit=plan
# All tables: parameters, types, inputs, matrices, outputs, checks, entries.
param n = 2
param file = "a.csv"
input A(m, k) is f32
input B(k, n)
R = read(file)
C = A * B
assert(m > 1, "A has", m, "rows")
S = randn(n, n, seed=7)
L = [1, 2.5; 3, 4]
print("norm", norm(S), n)
write(R, "r.npy")
output C, L

# expect
# param n = 2  # plan.tm:3:7
# param file "a.csv"  # plan.tm:4:7
# type 0 f32
# type 1 late real
# type 2 late over type 1
# type 3 late
# type 4 late
# input 0 A is f32 type 0  # plan.tm:5:7
# input 1 B rows cols(A) cols n type 0  # plan.tm:6:7
# input 2 R file type 3  # plan.tm:7:5
# matrix 0 C temp: rows(A) x n tile tile_rows x tile_rows type 0  # plan.tm:8:1
# matrix 1 A input: rows(A) x cols(A) tile tile_rows x tile_rows type 0  # plan.tm:5:7
# matrix 2 B input: cols(A) x n tile tile_rows x tile_rows type 0  # plan.tm:6:7
# matrix 3 P temp: max(1, ceildiv(n, tile_rows) * ceildiv(n, tile_rows)) x 1 tile 1 x 1 type 1  # lib/norm.tm:5:10
# matrix 4 S source randn: n x n tile tile_rows x tile_rows type 2 seed 7 call 0  # plan.tm:10:1
# matrix 5 s temp: 1 x 1 tile tile_rows x tile_rows type 1  # lib/norm.tm:17:10
# matrix 6 R input: rows(R) x cols(R) tile tile_rows x tile_rows type 3  # plan.tm:7:1
# matrix 7 L source list: 2 x 2 tile tile_rows x tile_rows type 4  # plan.tm:11:1
# output 0  matrix 6 "r.npy"  # plan.tm:13:1
# output 1 C matrix 0 "C.npy"  # plan.tm:14:8
# output 2 L matrix 7 "L.npy"  # plan.tm:14:11
# for i in 0..ceildiv(rows(A), tile_rows)  # lib/matmul.tm:4:7 < 8:5
#   for j in 0..ceildiv(n, tile_rows)  # lib/matmul.tm:5:9 < 8:5
#     for k in 0..ceildiv(cols(A), tile_rows)  # lib/matmul.tm:6:11 < 8:5
#       gemm &C#0[i,j] A#1[i,k] B#2[k,j] : 1  # lib/matmul.tm:7:19 < 8:5
# release A#1
# release B#2
# assert 1 < rows(A) "A has" " " rows(A) " " "rows"  # plan.tm:9:8
# for j in 0..ceildiv(n, tile_rows)  # lib/norm.tm:6:7 < 12:15
#   for i in 0..ceildiv(n, tile_rows)  # lib/norm.tm:7:9 < 12:15
#     norm =P#3[i + (j * ceildiv(n, tile_rows)),0] S#4[i,j]  # lib/norm.tm:8:25 < 12:15
# release S#4
# for level in 0..ceil_log2(max(1, ceildiv(n, tile_rows) * ceildiv(n, tile_rows)))  # lib/norm.tm:11:7 < 12:15
#   for i in 0..(ceildiv(n, tile_rows) * ceildiv(n, tile_rows)) - (2 ^ level) step (2 ^ level) * 2  # lib/norm.tm:13:9 < 12:15
#     map &P#3[i,0] P#3[(2 ^ level) + i,0] r2=hypot(r0,r1)  # lib/norm.tm:14:16 < 12:15
# alias =s#5[0,0] P#3[0,0]  # lib/norm.tm:18:3 < 12:15
# release P#3
# print s#5[0,0] : n "norm" " " operand 0 " " n  # plan.tm:12:1
# release s#5
# for j in 0..ceildiv(cols(R), tile_rows)  # plan.tm:13:1
#   for i in 0..ceildiv(rows(R), tile_rows)  # plan.tm:13:1
#     store R#6[i,j] : 0, i, j  # plan.tm:13:1
# release R#6
# for j in 0..ceildiv(n, tile_rows)  # plan.tm:14:8
#   for i in 0..ceildiv(rows(A), tile_rows)  # plan.tm:14:8
#     store C#0[i,j] : 1, i, j  # plan.tm:14:8
# release C#0
# for j in 0..ceildiv(2, tile_rows)  # plan.tm:14:11
#   for i in 0..ceildiv(2, tile_rows)  # plan.tm:14:11
#     store L#7[i,j] : 2, i, j  # plan.tm:14:11
# release L#7
