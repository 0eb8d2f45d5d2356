# run: tmrun {} -q
# status: 1
# R of geqrt is square.
tile 3
A = rand(7, 5)
matrix R(7, 5)
[_, R[0,0]] = geqrt(A[0,0])
[_, R[1,1]] = geqrt(A[1,1])
print(norm(R))

# expect
# run_qr_tiles.tm:8:15: error: these tiles do not fit: temp[1,1] is 3 x 2, R[1,1] is 3 x 2, temp[0,1] is 48 x 2 (R is 3 x 2 for a tile of 3 x 2)
#     8 | [_, R[1,1]] = geqrt(A[1,1])
#       |               ^~~~~~~~~~~~~
