# run: tmc {}
# status: 1
# A matrix whose size hangs on a loop's counter.
param n = 3
A = ones(2, 2)
for i in 0..n
  A = ones(2, i)
end

# expect
# loop_shape.tm:7:15: error: the size of a matrix can't change in a loop [loop_shape]
#     7 |   A = ones(2, i)
#       |               ^
