# run: tmc {}
# status: 1
# Tiles that can't have a name.
A = ones(4, 4)
R = A[0..1,0]
P = potrf(A[0,0])
for k in 0..trows(A)
  T = A[k,0]
end

# expect
# tile_name.tm:5:1: error: a run of tiles is no matrix: take a slice [tile_wanted]
#     5 | R = A[0..1,0]
#       | ^
# tile_name.tm:6:1: error: the result of potrf goes to a tile: declare a matrix [unsupported]
#     6 | P = potrf(A[0,0])
#       | ^
# tile_name.tm:8:3: error: the shape of this tile hangs on a loop, that of a name can't: declare a matrix and assign its tile [loop_shape]
#     8 |   T = A[k,0]
#       |   ^
