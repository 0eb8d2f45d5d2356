# run: tmrun {} -q --tile 4
# status: 1
# Where the data decide, the walker finds it before the task is handed out.
param n = 12
A = ones(n, n)
k = 0
print("at work")
for i in 0..trows(A)
  if sum(A) > 1000 * i
    break
  end
  A[i+7,0] = A[0,0]
end
while sum(A) > 20 * k
  A[k,0] = A[k,0] + 1
  k = k + 1
end
print(k)

# expect
# at work
# run_tile_range_data.tm:15:21: error: tile [3,0] of A does not exist: it has 3 x 3 tiles, rows 0 to 2
#    15 |   A[k,0] = A[k,0] + 1
#       |                     ^
