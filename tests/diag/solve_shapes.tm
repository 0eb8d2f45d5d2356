# run: tmc {}
# status: 1
# Systems that do not fit, and those that want least squares.
A = ones(5, 3)
b = ones(5, 1)
S = spd(4)
x = A \ b
x = A' \ b
x = b' / A
x = S \ b
x = b' / S
x = tril(A) \ b
X = inv(A)
x = S \ 3

# expect
# solve_shapes.tm:8:5: error: cannot solve A' (3 x 5) with b (5 x 1): rows 3 and 5 differ [inner_size]
#     8 | x = A' \ b
#       |     ^~~~~~
# solve_shapes.tm:9:5: error: cannot divide b' (1 x 5) by A (5 x 3): columns 5 and 3 differ [inner_size]
#     9 | x = b' / A
#       |     ^~~~~~
# solve_shapes.tm:10:5: error: cannot solve S (4 x 4) with b (5 x 1): rows 4 and 5 differ [inner_size]
#    10 | x = S \ b
#       |     ^~~~~
# solve_shapes.tm:11:5: error: cannot divide b' (1 x 5) by S (4 x 4): columns 5 and 4 differ [inner_size]
#    11 | x = b' / S
#       |     ^~~~~~
# solve_shapes.tm:12:5: error: \ solves with a square matrix where it is triangular: tril(A) is 5 x 3 [not_square]
#    12 | x = tril(A) \ b
#       |     ^~~~~~~~~~~
# solve_shapes.tm:13:5: error: inv needs a square matrix: A is 5 x 3 [not_square]
#    13 | X = inv(A)
#       |     ^~~~~~
# solve_shapes.tm:14:5: error: cannot solve S (4 x 4) with 3 (1 x 1): rows 4 and 1 differ [inner_size]
#    14 | x = S \ 3
#       |     ^~~~~
