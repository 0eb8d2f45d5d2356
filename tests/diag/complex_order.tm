# run: tmc {}
# status: 1
# Complex numbers have no order, and do not become real by a conversion.
A = randn(3, 3, type=c128)
B = A < 1
C = max(A) + min_rows(A)(0)
D = f32(A)
E = complex(A, 1)
F = mod(abs(A), 2) + floor(A)

# expect
# complex_order.tm:5:5: error: < is of real numbers, and A is c128 [operand_type]
#     5 | B = A < 1
#       |     ^~~~~
# complex_order.tm:5:5: note: abs, real and imag give the real numbers of complex ones
# complex_order.tm:6:5: error: max is of real numbers, and A is c128 [operand_type]
#     6 | C = max(A) + min_rows(A)(0)
#       |     ^~~~~~
# complex_order.tm:6:5: note: abs, real and imag give the real numbers of complex ones
# complex_order.tm:6:14: error: min_rows is of real numbers, and A is c128 [operand_type]
#     6 | C = max(A) + min_rows(A)(0)
#       |              ^~~~~~~~~~~
# complex_order.tm:6:14: note: abs, real and imag give the real numbers of complex ones
# complex_order.tm:7:5: error: f32 is of real numbers, and A is c128 [operand_type]
#     7 | D = f32(A)
#       |     ^~~~~~
# complex_order.tm:7:5: note: f32(real(...)) leaves out the imaginary parts
# complex_order.tm:8:5: error: complex is of real numbers, and A is c128 [operand_type]
#     8 | E = complex(A, 1)
#       |     ^~~~~~~~~~~~~
# complex_order.tm:8:5: note: abs, real and imag give the real numbers of complex ones
# complex_order.tm:9:22: error: floor is of real numbers, and A is c128 [operand_type]
#     9 | F = mod(abs(A), 2) + floor(A)
#       |                      ^~~~~~~~
# complex_order.tm:9:22: note: abs, real and imag give the real numbers of complex ones
