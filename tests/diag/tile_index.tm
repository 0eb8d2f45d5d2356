# run: tmc {}
# status: 1
# A tile without two indices.
A = ones(2, 2)
matrix C(2, 2)
C[0] = A[0,0]
C[0,0,0] = A[0,0]

# expect
# tile_index.tm:6:1: error: a tile has two indices, row and column: C[i,j] [tile_index]
#     6 | C[0] = A[0,0]
#       | ^~~~
# tile_index.tm:6:1: note: an entry of a row or column is written C(i)
# tile_index.tm:7:1: error: a tile has two indices, row and column: C[i,j] [tile_index]
#     7 | C[0,0,0] = A[0,0]
#       | ^~~~~~~~
