# run: tmc {}
# status: 1
# A tile is divided by a triangular one only.
A = ones(4, 4)
matrix C(4, 4)
C[0,0] = A[0,0] / A[0,0]

# expect
# tile_statement.tm:6:19: error: a tile is divided by a triangular tile, and A is not known to be lower or upper [tile_statement]
#     6 | C[0,0] = A[0,0] / A[0,0]
#       |                   ^~~~~~
# tile_statement.tm:4:1: note: declare it: matrix A(...) is lower, or assume A is lower
