# run: tmc {}
# status: 1
A = ones(2, 2)
print(sum(a), Sum(A), trws(A), A(0, O))

# expect
# chain_of_names.tm:4:11: error: a is not assigned before it is used [unknown_name]
#     4 | print(sum(a), Sum(A), trws(A), A(0, O))
#       |           ^
# chain_of_names.tm:4:11: note: did you mean A?
