# run: tmrun {} -q
# status: 1
# A tile takes a tile of its own shape.
param n = 10
tile 4
A = ones(n, n)
matrix C(n, n)
C[2,0] = A[0,0]
print(sum(C))

# expect
# run_tile_takes.tm:8:1: error: tile [2,0] of C is 2 x 4 and tile [0,0] of A is 4 x 4
#     8 | C[2,0] = A[0,0]
#       | ^~~~~~~~~~~~~~~
