# run: tmc --emit=plan --tile 64
# Default edges: those of the command line win over the script's, those of a
# declaration over both.
param b = 32
tile b
A = ones(100, 100)
matrix B(100, 60) tile 20, 30
B[0,0] = B[1,1]
output A, B

# expect
# param b = 32  # plan_tile.tm:4:7
# tile 64, 64
# type 0 late
# type 1 late
# matrix 0 B temp: 100 x 60 tile 20 x 30 type 0  # plan_tile.tm:7:8
# matrix 1 A source fill: 100 x 100 tile tile_rows x tile_rows type 1 value 1  # plan_tile.tm:6:1
# output 0 A matrix 1 "A.npy"  # plan_tile.tm:9:8
# output 1 B matrix 0 "B.npy"  # plan_tile.tm:9:11
# alias =B#0[0,0] B#0[1,1]  # plan_tile.tm:8:1
# for j in 0..ceildiv(100, tile_rows)  # plan_tile.tm:9:8
#   for i in 0..ceildiv(100, tile_rows)  # plan_tile.tm:9:8
#     store A#1[i,j] : 0, i, j  # plan_tile.tm:9:8
# release A#1
# for j in 0..2  # plan_tile.tm:9:11
#   for i in 0..5  # plan_tile.tm:9:11
#     store B#0[i,j] : 1, i, j  # plan_tile.tm:9:11
# release B#0
