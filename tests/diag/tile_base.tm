# run: tmc {}
# status: 1
x = 3
y = x[0,0]
A = ones(2, 2)
z = (A + 1)[0,0]
A'[0,0] = A[0,0]

# expect
# tile_base.tm:7:1: error: this cannot be assigned to [bad_target]
#     7 | A'[0,0] = A[0,0]
#       | ^~~~~~~
# tile_base.tm:7:1: note: left of = stands a name, A[i,j], A(i,j) or several of these in [ ]
