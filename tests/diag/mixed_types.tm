# run: tmc {}
# status: 1
# Two element types meet.
input A(n, n) is f32
B = ones(n, n, type=f64)
C = A + B
D = A * B

# expect
# mixed_types.tm:6:5: error: A is f32 and B is f64: types do not mix [mixed_types]
#     6 | C = A + B
#       |     ^~~~~
# mixed_types.tm:7:5: error: A is f32 and B is f64: types do not mix [mixed_types]
#     7 | D = A * B
#       |     ^~~~~
