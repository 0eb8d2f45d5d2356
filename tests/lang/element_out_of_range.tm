# run: tmrun {} -q
# status: 1
# An element that is not there.
A = ones(3, 4)
for i in 0..5
  print(A(i, 1))
end

# expect
# 1
# 1
# 1
# element_out_of_range.tm:6:9: error: A is 3 x 4 and has no row 3
#     6 |   print(A(i, 1))
#       |         ^~~~~~~
