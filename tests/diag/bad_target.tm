# run: tmc {}
# status: 1
A = ones(2, 2)
A + 1 = 3
sum(A)[0,0] = 1
[1, A] = f(3)

# expect
# bad_target.tm:4:3: error: unexpected "+": an expression is not a statement [not_statement]
#     4 | A + 1 = 3
#       |   ^
# bad_target.tm:4:3: note: a statement assigns, as in x = ..., or calls a function
# bad_target.tm:5:1: error: this cannot be assigned to [bad_target]
#     5 | sum(A)[0,0] = 1
#       | ^~~~~~~~~~~
# bad_target.tm:5:1: note: left of = stands a name, A[i,j], A(i,j) or several of these in [ ]
# bad_target.tm:6:2: error: this cannot be assigned to [bad_target]
#     6 | [1, A] = f(3)
#       |  ^
# bad_target.tm:6:2: note: left of = stands a name, A[i,j], A(i,j) or several of these in [ ]
