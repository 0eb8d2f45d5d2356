# run: tmc {}
# status: 1
A = ones(2, 2)
for i in 0..3
  A = ones(2, i)
end

# expect
# loop_shape.tm:5:15: error: the size of a matrix can't change in a loop [loop_shape]
#     5 |   A = ones(2, i)
#       |               ^
