# run: tmc {}
# status: 1
# Brackets whose parts don't fit.
A = ones(2, 2)
B = [A, 1]
C = [A; 1, 2, 3]
D = [A, "text"; A]

# expect
# brackets_sizes.tm:5:9: error: 1 has 1 rows and stands beside A with 2 [shapes]
#     5 | B = [A, 1]
#       |         ^
# brackets_sizes.tm:6:9: error: row 1 of the brackets has 3 columns, row 0 has 2 [shapes]
#     6 | C = [A; 1, 2, 3]
#       |         ^~~~~~~
# brackets_sizes.tm:7:9: error: a matrix or number is wanted here, not a text [operand_type]
#     7 | D = [A, "text"; A]
#       |         ^~~~~~
