# run: tmc {}
# status: 1
# Kernels of QR: more results than there are.
tile 2
A = ones(4, 4)
matrix V(4, 4)
matrix R(4, 4)
[V[0,0], R[0,0], R[1,1], R[0,1]] = geqrt(A[0,0])

# expect
# qr_results.tm:8:36: error: this gives three results: V, R, T [tile_statement]
#     8 | [V[0,0], R[0,0], R[1,1], R[0,1]] = geqrt(A[0,0])
#       |                                    ^~~~~~~~~~~~~
