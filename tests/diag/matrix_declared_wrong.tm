# run: tmc {}
# status: 1
# Declarations that lack or mistake something.
matrix A(3)
matrix B(3, 4) is f16
matrix C(n, 2)
input D(3)
param p = ones(2, 2)

# expect
# matrix_declared_wrong.tm:4:8: error: a matrix has two sizes: matrix A(m, n) [argument]
#     4 | matrix A(3)
#       |        ^
# matrix_declared_wrong.tm:5:19: error: f16 is no property; there are symmetric lower upper spd psd diagonal orthogonal sparse f32 f64 c64 c128 [property]
#     5 | matrix B(3, 4) is f16
#       |                   ^~~
# matrix_declared_wrong.tm:6:10: error: n is not assigned before it is used [unknown_name]
#     6 | matrix C(n, 2)
#       |          ^
# matrix_declared_wrong.tm:7:7: error: an input has two sizes: input D(m, n) [argument]
#     7 | input D(3)
#       |       ^
# matrix_declared_wrong.tm:8:11: error: the default of a parameter is a number or text that is known without data [operand_type]
#     8 | param p = ones(2, 2)
#       |           ^~~~~~~~~~
