# run: tmc {}
# status: 1
# A tile is assigned to a tile.
A = ones(4, 4)
T = A[0,0]

# expect
# tile_name.tm:5:1: error: a tile has no name of its own yet: declare a matrix and assign its tile [unsupported]
#     5 | T = A[0,0]
#       | ^
