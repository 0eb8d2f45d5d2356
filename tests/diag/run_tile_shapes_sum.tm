# run: tmrun {} -q
# status: 1
# Tiles that are added have one shape.
param n = 10
tile 4
A = ones(n, n)
B = retile(A, 3, 5)
matrix C(n, n)
C[0,0] = A[0,0] + B[0,0]
print(sum(C))

# expect
# run_tile_shapes_sum.tm:9:10: error: these tiles do not fit: C[0,0] is 4 x 4, A[0,0] is 4 x 4, B[0,0] is 3 x 5 (3 x 5 where 4 x 4 is wanted)
#     9 | C[0,0] = A[0,0] + B[0,0]
#       |          ^~~~~~~~~~~~~~~
