# run: tmrun {} -q
# status: 1
# Tiles of other shapes than their statement needs.
param n = 10
tile 4
A = ones(n, n)
B = retile(A, 3, 5)
matrix C(n, n)
C[0,0] = A[0,0] * B[0,0]
print(sum(C))

# expect
# run_tile_shapes.tm:9:10: error: these tiles do not fit: C[0,0] is 4 x 4, A[0,0] is 4 x 4, B[0,0] is 3 x 5 (inner sizes 4 and 3 differ)
#     9 | C[0,0] = A[0,0] * B[0,0]
#       |          ^~~~~~~~~~~~~~~
