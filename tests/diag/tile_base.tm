# run: tmc {}
# status: 1
# Brackets behind what has no tiles.
x = 3
y = x[0,0]
A = ones(2, 2)
z = (A + 1)[0,0]

# expect
# tile_base.tm:5:5: error: only a matrix has tiles [tile_base]
#     5 | y = x[0,0]
#       |     ^
# tile_base.tm:7:6: error: give this matrix a name first; then name[i,j] is its tile [tile_base]
#     7 | z = (A + 1)[0,0]
#       |      ^~~~~
