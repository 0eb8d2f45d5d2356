# run: tmc {}
# status: 1
# Operands of the wrong kind.
A = ones(2, 2)
print("a" + 1)
print(true + 1, !3, 1 && true)
x = A * "text"
y = sqrt(true) + "b"
B = ones(2.5, 2)
print(A, 0..3)
C = 0..3
D = C + 1
E = ones(2, n=3)

# expect
# operand_type.tm:5:7: error: a matrix or number is wanted here, not a text [operand_type]
#     5 | print("a" + 1)
#       |       ^~~
# operand_type.tm:6:7: error: + wants numbers, not true or false [operand_type]
#     6 | print(true + 1, !3, 1 && true)
#       |       ^~~~~~~~
# operand_type.tm:6:17: error: ! wants true or false on both sides [operand_type]
#     6 | print(true + 1, !3, 1 && true)
#       |                 ^~
# operand_type.tm:6:21: error: && wants true or false on both sides [operand_type]
#     6 | print(true + 1, !3, 1 && true)
#       |                     ^~~~~~~~~
# operand_type.tm:7:9: error: a matrix or number is wanted here, not a text [operand_type]
#     7 | x = A * "text"
#       |         ^~~~~~
# operand_type.tm:8:5: error: sqrt wants numbers, not true or false [operand_type]
#     8 | y = sqrt(true) + "b"
#       |     ^~~~~~~~~~
# operand_type.tm:9:10: error: a whole number is wanted here [operand_type]
#     9 | B = ones(2.5, 2)
#       |          ^~~
# operand_type.tm:10:7: error: print takes numbers and texts; a matrix goes to a file with output or write [operand_type]
#    10 | print(A, 0..3)
#       |       ^
# operand_type.tm:10:10: error: print takes numbers and texts; a matrix goes to a file with output or write [operand_type]
#    10 | print(A, 0..3)
#       |          ^~~~
# operand_type.tm:12:5: error: a matrix or number is wanted here, not a range [operand_type]
#    12 | D = C + 1
#       |     ^
# operand_type.tm:13:5: error: ones takes 2 arguments, not 1 [argument]
#    13 | E = ones(2, n=3)
#       |     ^~~~~~~~~~~~
# operand_type.tm:13:5: note: write ones(n, n)
