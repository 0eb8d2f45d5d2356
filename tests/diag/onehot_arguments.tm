# run: tmc {}
# status: 1
# onehot wants a column and a whole number.
v = [0; 1; 0]
A = onehot(v', 2)
B = onehot(v, sum(v))
C = onehot(v, 2.5)

# expect
# onehot_arguments.tm:5:5: error: onehot wants a column: v' is 1 x 3 [shapes]
#     5 | A = onehot(v', 2)
#       |     ^~~~~~~~~~~~~
# onehot_arguments.tm:6:15: error: a whole number is wanted here that is known without data [operand_type]
#     6 | B = onehot(v, sum(v))
#       |               ^~~~~~
# onehot_arguments.tm:7:15: error: a whole number is wanted here that is known without data [operand_type]
#     7 | C = onehot(v, 2.5)
#       |               ^~~
