# run: tmrun {} -q -D k=3
# status: 1
# What goes into a slice has its size when sizes are bound.
param k = 2
A = rand(4, 4)
A(0..2, :) = rand(k, 4)
print(sum(A))

# expect
# slice_assign_bound.tm:6:1: error: cannot put rand(k, 4) (3 x 4) into A(0..2, :) (2 x 4): rows 3 and 2 differ
#     6 | A(0..2, :) = rand(k, 4)
#       | ^~~~~~~~~~
