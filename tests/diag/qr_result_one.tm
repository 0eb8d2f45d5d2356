# run: tmc {}
# status: 1
# Kernels of QR: several results in one.
tile 2
A = ones(4, 4)
matrix V(4, 4)
matrix R(4, 4)
R[0,0] = geqrt(A[0,0])

# expect
# qr_result_one.tm:8:10: error: this gives several results, as in [_, R[0,0]] = geqrt(A[0,0]) [tile_statement]
#     8 | R[0,0] = geqrt(A[0,0])
#       |          ^~~~~~~~~~~~~
