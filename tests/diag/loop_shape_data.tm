# run: tmc {}
# status: 1
# Sizes that come from data.
A = ones(4, 4)
k = sum(A)
B = A(0..k, :)
matrix C(k, 2)
D = A[k,0]
for i in 0..100
  E = ones(i, 2)
end

# expect
# loop_shape_data.tm:6:7: error: the size of a slice can't come from data [loop_shape]
#     6 | B = A(0..k, :)
#       |       ^~~~
# loop_shape_data.tm:6:7: note: sizes are known before the first task runs: take the largest that can be, or make it a param
# loop_shape_data.tm:7:10: error: a whole number is wanted here that is known without data [operand_type]
#     7 | matrix C(k, 2)
#       |          ^
# loop_shape_data.tm:7:10: note: sizes are known before the first task runs: take the largest that can be, or make it a param
# loop_shape_data.tm:8:1: error: the shape of this tile hangs on data, that of a name can't: declare a matrix and assign its tile [loop_shape]
#     8 | D = A[k,0]
#       | ^
# loop_shape_data.tm:10:12: error: the size of a matrix can't change in a loop [loop_shape]
#    10 |   E = ones(i, 2)
#       |            ^
