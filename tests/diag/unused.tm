# run: tmc {}
# status: 1
A = spd(3)
chol(A)
3 + 4

# expect
# unused.tm:5:3: error: unexpected "+": an expression is not a statement [not_statement]
#     5 | 3 + 4
#       |   ^
# unused.tm:5:3: note: a statement assigns, as in x = ..., or calls a function
