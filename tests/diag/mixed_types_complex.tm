# run: tmc {}
# status: 1
# All four element types: none meets another, but real numbers scale complex
# matrices.
A = ones(3, 3, type=f32)
B = ones(3, 3, type=f64)
C = ones(3, 3, type=c64)
D = ones(3, 3, type=c128)
x = A * C
y = B + D
z = C .* D
w = D * complex(A, A)
v = C + real(C)
u = D * norm(D) / norm(C)
matrix T(3, 3) is c64
T[0,0] = A[0,0]

# expect
# mixed_types_complex.tm:9:5: error: A is f32 and C is c64: types do not mix [mixed_types]
#     9 | x = A * C
#       |     ^~~~~
# mixed_types_complex.tm:10:5: error: B is f64 and D is c128: types do not mix [mixed_types]
#    10 | y = B + D
#       |     ^~~~~
# mixed_types_complex.tm:11:5: error: C is c64 and D is c128: types do not mix [mixed_types]
#    11 | z = C .* D
#       |     ^~~~~~
# mixed_types_complex.tm:12:5: error: D is c128 and complex(A, A) is c64: types do not mix [mixed_types]
#    12 | w = D * complex(A, A)
#       |     ^~~~~~~~~~~~~~~~~
# mixed_types_complex.tm:13:5: error: C is c64 and real(C) is f32: types do not mix [mixed_types]
#    13 | v = C + real(C)
#       |     ^~~~~~~~~~~
# mixed_types_complex.tm:14:5: error: D * norm(D) is c128 and norm(C) is f32: types do not mix [mixed_types]
#    14 | u = D * norm(D) / norm(C)
#       |     ^~~~~~~~~~~~~~~~~~~~~
# mixed_types_complex.tm:16:10: error: the tile and what it takes have different element types [mixed_types]
#    16 | T[0,0] = A[0,0]
#       |          ^~~~~~
