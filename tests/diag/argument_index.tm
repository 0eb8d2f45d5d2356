# run: tmc {}
# status: 1
# Elements have two indices, those of a vector may have one.
A = ones(2, 2)
x = 3
print(A(1), A(1, 1, 1), x(1))

# expect
# argument_index.tm:6:7: error: one index is for row and column vectors; A is 2 x 2 [argument]
#     6 | print(A(1), A(1, 1, 1), x(1))
#       |       ^~~~
# argument_index.tm:6:7: note: A(i, :) is a row, A(:, j) a column
# argument_index.tm:6:13: error: an element has a row and a column, and only matrices have elements: A(i, j) [argument]
#     6 | print(A(1), A(1, 1, 1), x(1))
#       |             ^~~~~~~~~~
# argument_index.tm:6:25: error: an element has a row and a column, and only matrices have elements: A(i, j) [argument]
#     6 | print(A(1), A(1, 1, 1), x(1))
#       |                         ^~~~
