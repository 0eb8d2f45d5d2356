# run: tmc {}
# status: 1
A = ones(2, 2)
print("a" + 1)
print(true + 1, !3, 1 && true)
x = A * "text"
for i in 3
end
if 3
end
B = ones(2.5, 2)
print(A)
C = 0..3
D = C + 1

# expect
# operand_type.tm:4:7: error: a matrix or number is wanted here, not a text [operand_type]
#     4 | print("a" + 1)
#       |       ^~~
# operand_type.tm:5:7: error: + wants numbers, not true or false [operand_type]
#     5 | print(true + 1, !3, 1 && true)
#       |       ^~~~~~~~
# operand_type.tm:6:9: error: a matrix or number is wanted here, not a text [operand_type]
#     6 | x = A * "text"
#       |         ^~~~~~
# operand_type.tm:7:10: error: for goes over a range: 0..n, its end excluded [operand_type]
#     7 | for i in 3
#       |          ^
# operand_type.tm:9:4: error: a test is true or false, as of a comparison [operand_type]
#     9 | if 3
#       |    ^
# operand_type.tm:11:10: error: a whole number is wanted here [operand_type]
#    11 | B = ones(2.5, 2)
#       |          ^~~
# operand_type.tm:12:7: error: print takes numbers and texts; a matrix goes to a file with output or write [operand_type]
#    12 | print(A)
#       |       ^
# operand_type.tm:14:5: error: a matrix or number is wanted here, not a range [operand_type]
#    14 | D = C + 1
#       |     ^
