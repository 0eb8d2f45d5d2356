# run: tmrun {} -q
# status: 1
# A tile left of the first.
A = ones(3, 3)
matrix C(3, 3)
for i in 0..1
  C[i,0] += A[i,i-1]
end
print(sum(C))

# expect
# run_tile_negative.tm:7:13: error: tile [0,-1] of A does not exist: it has 1 x 1 tiles, columns 0 to 0
#     7 |   C[i,0] += A[i,i-1]
#       |             ^~~~~~~~
