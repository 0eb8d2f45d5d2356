# run: tmrun {} -q
# status: 1
# A tile that is not there: its index, and the tiles that there are.  It is
# known when sizes are, so nothing is printed first.
param n = 10
tile 5
A = ones(n, n)
matrix C(n, n)
print("at work")
for i in 0..trows(A)
  C[i,i] = A[i,i+1]
end
print(sum(C))

# expect
# run_tile_range.tm:11:3: error: tile [1,2] of A does not exist: it has 2 x 2 tiles, columns 0 to 1
#    11 |   C[i,i] = A[i,i+1]
#       |   ^~~~~~~~~~~~~~~~~
