# run: tmc {}
# status: 1
# A slice keeps its size in a loop.
param n = 9
A = rand(n, n)
for i in 0..n
  B = A(i..n, :)
  A(0..i, 0) = 1
end

# expect
# slice_size.tm:7:9: error: the size of a slice can't change in a loop [loop_shape]
#     7 |   B = A(i..n, :)
#       |         ^~~~
# slice_size.tm:8:5: error: the size of a slice can't change in a loop [loop_shape]
#     8 |   A(0..i, 0) = 1
#       |     ^~~~
