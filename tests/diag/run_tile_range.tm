# run: tmrun {} -q; tmrun {} -q --tile 6
# status: 1
# A tile that is not there: its index, and the tiles that there are.
param n = 10
tile 5
A = ones(n, n)
matrix C(n, n)
for i in 0..trows(A)
  C[i,i] = A[i,i+1]
end
print(sum(C))

# expect
# run_tile_range.tm:9:3: error: tile [1,2] of A does not exist: it has 2 x 2 tiles, columns 0 to 1
#     9 |   C[i,i] = A[i,i+1]
#       |   ^~~~~~~~~~~~~~~~~
# run_tile_range.tm:9:3: error: tile [0,0] of C is 6 x 6 and tile [0,1] of A is 6 x 4
#     9 |   C[i,i] = A[i,i+1]
#       |   ^~~~~~~~~~~~~~~~~
