# run: tmrun {} -q -D k=-1
# status: 1
# A slice of fewer than no rows, in a loop.
param k = 2
A = rand(4, 4)
for i in 0..2
  print(sum(A(i..i+k, :)))
end

# expect
# slice_size_bound.tm:7:15: error: a slice can't have -1 rows
#     7 |   print(sum(A(i..i+k, :)))
#       |               ^~~~~~
