# run: tmc {}
# status: 1
# Misspelt names, with guesses; a name without one has none.
A = ones(2, 2)
print(sum(a), Sum(A), trws(A), A(0, O))

# expect
# chain_of_names.tm:5:11: error: a is not assigned before it is used [unknown_name]
#     5 | print(sum(a), Sum(A), trws(A), A(0, O))
#       |           ^
# chain_of_names.tm:5:11: note: did you mean A?
# chain_of_names.tm:5:15: error: there is no function Sum [unknown_function]
#     5 | print(sum(a), Sum(A), trws(A), A(0, O))
#       |               ^~~
# chain_of_names.tm:5:15: note: did you mean sum?
# chain_of_names.tm:5:23: error: there is no function trws [unknown_function]
#     5 | print(sum(a), Sum(A), trws(A), A(0, O))
#       |                       ^~~~
# chain_of_names.tm:5:23: note: did you mean trows?
# chain_of_names.tm:5:37: error: O is not assigned before it is used [unknown_name]
#     5 | print(sum(a), Sum(A), trws(A), A(0, O))
#       |                                     ^
