# run: tmc {}
# status: 1
# Whole matrices where tiles must be.
A = ones(4, 4)
matrix C(4, 4)
C[0,0] = A
C[0,0] = A[0,0] + A
C[0,0] = potrf(A)

# expect
# tile_wanted.tm:6:10: error: this is a whole matrix: a tile takes a tile [tile_wanted]
#     6 | C[0,0] = A
#       |          ^
# tile_wanted.tm:7:19: error: A is a whole matrix and meets a tile: write A[i,j] [tile_wanted]
#     7 | C[0,0] = A[0,0] + A
#       |                   ^
# tile_wanted.tm:8:16: error: potrf works on tiles: write A[i,j] [tile_wanted]
#     8 | C[0,0] = potrf(A)
#       |                ^
