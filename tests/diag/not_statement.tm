# run: tmc {}
# status: 1
# Expressions by themselves.
A = ones(2, 2)
A + 1
3
A[0,0]

# expect
# not_statement.tm:5:3: error: unexpected "+": an expression is not a statement [not_statement]
#     5 | A + 1
#       |   ^
# not_statement.tm:5:3: note: a statement assigns, as in x = ..., or calls a function
# not_statement.tm:6:1: error: an expression is not a statement [not_statement]
#     6 | 3
#       | ^
# not_statement.tm:6:1: note: a statement assigns, as in x = ..., or calls a function
# not_statement.tm:7:1: error: an expression is not a statement [not_statement]
#     7 | A[0,0]
#       | ^~~~~~
# not_statement.tm:7:1: note: a statement assigns, as in x = ..., or calls a function
