# run: tmc {}
# status: 1
# Element types that meet in a slice and in brackets.
A = ones(3, 3, type=f32)
B = ones(1, 3, type=f64)
A(0, :) = B
C = [A; B]

# expect
# slice_types.tm:6:1: error: A is f32 and B is f64: types do not mix [mixed_types]
#     6 | A(0, :) = B
#       | ^~~~~~~
# slice_types.tm:7:9: error: A is f32 and B is f64: types do not mix [mixed_types]
#     7 | C = [A; B]
#       |         ^
