# run: tmrun {} -q -D k=1 --tile 4; tmrun {} -q --tile 4
# status: 1
# Counters that hang together: what their corners show is what would happen.
param n = 20
param k = 0
A = ones(n, n)
matrix C(n, n)
print("at work")
for j in 0..tcols(A)
  if j > 0
    C[j,0] = A[j-1,0]
  end
  for i in j+1..trows(A)
    C[i,j] = A[i-j-1,i-k]
  end
end
for j in 0..tcols(A)
  for i in j+1..trows(A)
    C[i,j] = A[i,j+2-k]
  end
end
print(sum(C))

# expect
# at work
# 160
# run_tile_range_nested.tm:19:5: error: tile [4,5] of A does not exist: it has 5 x 5 tiles, columns 0 to 4
#    19 |     C[i,j] = A[i,j+2-k]
#       |     ^~~~~~~~~~~~~~~~~~~
