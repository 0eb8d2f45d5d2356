# run: tmc {}
# status: 1
# Runs of tiles are for kernels.
A = ones(4, 4)
matrix C(4, 4)
C[0..2,0] = A[0,0]

# expect
# tile_statement_run.tm:6:1: error: a run of tiles is assigned by a kernel only [tile_statement]
#     6 | C[0..2,0] = A[0,0]
#       | ^~~~~~~~~
