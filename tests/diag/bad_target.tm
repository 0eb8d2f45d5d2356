# run: tmc {}
# status: 1
# What may stand on the left of =.
A = ones(2, 2)
A + 1 = 3
sum(A)[0,0] = 1
[1, A] = f(3)

# expect
# bad_target.tm:5:3: error: unexpected "+": an expression is not a statement [not_statement]
#     5 | A + 1 = 3
#       |   ^
# bad_target.tm:5:3: note: a statement assigns, as in x = ..., or calls a function
# bad_target.tm:6:1: error: this cannot be assigned to [bad_target]
#     6 | sum(A)[0,0] = 1
#       | ^~~~~~~~~~~
# bad_target.tm:6:1: note: left of = stands a name, A[i,j], A(i,j) or several of these in [ ]
# bad_target.tm:7:2: error: this cannot be assigned to [bad_target]
#     7 | [1, A] = f(3)
#       |  ^
# bad_target.tm:7:2: note: left of = stands a name, A[i,j], A(i,j) or several of these in [ ]
