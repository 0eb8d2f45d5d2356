# run: tmc {}
# status: 1
# Assignments of other languages.
i = 4
i /= 2
i := 3

# expect
# no_assign.tm:5:3: error: there is no /=, only =, +=, -= and *= [no_assign]
#     5 | i /= 2
#       |   ^~
# no_assign.tm:6:3: error: an assignment is written =, not := [no_assign]
#     6 | i := 3
#       |   ^~
