# run: tmc {}
# status: 1
A = ones(3, 2)
print(det(A), sum(inv(A)))
matrix B(3, 3)
B[0,0] = inv(A[0,0])

# expect
# det_square.tm:4:7: error: det needs a square matrix: A is 3 x 2 [not_square]
#     4 | print(det(A), sum(inv(A)))
#       |       ^~~~~~
# det_square.tm:4:19: error: inv needs a square matrix: A is 3 x 2 [not_square]
#     4 | print(det(A), sum(inv(A)))
#       |                   ^~~~~~
