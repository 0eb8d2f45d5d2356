# run: tmc {}
# status: 1
# Kernels of QR: arguments, element types, what is no tile.
tile 2
A = ones(4, 4, type=f64)
B = ones(4, 4, type=f32)
matrix V(4, 4)
matrix R(4, 4)
[_, B[0,0]] = geqrt(A[0,0])
V[0,0] = unmqr(V[0,0], A[0,0], V[1,0], upper=true)
V[0,0] = unmqr(V[0,0], A[0,0])
[V[0,0], R[0,0]] = tsqrt(A, V[0,0])
[V, R[0,0]] = geqrt(A[0,0])
[V[0,0], V[1,0]] = chol(A[0,0])

# expect
# qr_kernels.tm:9:5: error: the tile and what it takes have different element types [mixed_types]
#     9 | [_, B[0,0]] = geqrt(A[0,0])
#       |     ^~~~~~
# qr_kernels.tm:10:40: error: unmqr takes no argument upper [argument]
#    10 | V[0,0] = unmqr(V[0,0], A[0,0], V[1,0], upper=true)
#       |                                        ^~~~~~~~~~
# qr_kernels.tm:11:10: error: unmqr takes 3 arguments, not 2 [argument]
#    11 | V[0,0] = unmqr(V[0,0], A[0,0])
#       |          ^~~~~~~~~~~~~~~~~~~~~
# qr_kernels.tm:12:26: error: tsqrt works on tiles: write A[i,j] [tile_wanted]
#    12 | [V[0,0], R[0,0]] = tsqrt(A, V[0,0])
#       |                          ^
# qr_kernels.tm:13:2: error: a kernel's result goes to a tile [tile_wanted]
#    13 | [V, R[0,0]] = geqrt(A[0,0])
#       |  ^
# qr_kernels.tm:14:20: error: chol gives 1 result, not 2 [no_result]
#    14 | [V[0,0], V[1,0]] = chol(A[0,0])
#       |                    ^~~~~~~~~~~~
