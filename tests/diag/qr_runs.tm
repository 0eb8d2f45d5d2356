# run: tmc {}
# status: 1
# Kernels of QR: single tiles only.
tile 2
A = ones(4, 4)
matrix V(4, 4)
matrix R(4, 4)
[V[0..2,0], R[0,0]] = geqrt(A[0..2,0])

# expect
# qr_runs.tm:8:23: error: this takes single tiles, not runs of tiles [tile_statement]
#     8 | [V[0..2,0], R[0,0]] = geqrt(A[0..2,0])
#       |                       ^~~~~~~~~~~~~~~~
