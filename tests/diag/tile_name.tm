# run: tmc {}
# status: 1
A = ones(4, 4)
T = A[0,0]

# expect
# tile_name.tm:4:1: error: a tile has no name of its own yet: declare a matrix and assign its tile [unsupported]
#     4 | T = A[0,0]
#       | ^
