# run: tmrun {} -q
# status: 1
# A slice that leaves the matrix in a turn of a loop.
A = ones(3, 4)
for i in 0..5
  print(sum(A(i..i+2, :)))
end

# expect
# 8
# 8
# slice_in_loop.tm:6:13: error: A is 3 x 4 and has no rows 2 .. 4
#     6 |   print(sum(A(i..i+2, :)))
#       |             ^~~~~~~~~~~~
