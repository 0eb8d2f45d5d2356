# run: tmc {}
# status: 1
# Entries and slices that are assigned wrongly.
A = ones(2, 3)
x = 3
A(0, 3) = 1
A(0..2, 1) = ones(3, 1)
A(1) = 2
x(0, 0) = 1
y(0, 0) = 1
A(0, 0) = "text"

# expect
# assign_element.tm:6:1: error: A is 2 x 3 and has no column 3; the first is 0 [shapes]
#     6 | A(0, 3) = 1
#       | ^~~~~~~
# assign_element.tm:7:1: error: cannot put ones(3, 1) (3 x 1) into A(0..2, 1) (2 x 1): rows 3 and 2 differ [shapes]
#     7 | A(0..2, 1) = ones(3, 1)
#       | ^~~~~~~~~~
# assign_element.tm:8:1: error: one index is for row and column vectors; A is 2 x 3 [argument]
#     8 | A(1) = 2
#       | ^~~~
# assign_element.tm:8:1: note: A(i, :) is a row, A(:, j) a column
# assign_element.tm:9:1: error: only a matrix has entries to be assigned [bad_target]
#     9 | x(0, 0) = 1
#       | ^~~~~~~
# assign_element.tm:10:1: error: y is not assigned before it is used [unknown_name]
#    10 | y(0, 0) = 1
#       | ^~~~~~~
# assign_element.tm:11:11: error: a matrix or number is wanted here, not a text [operand_type]
#    11 | A(0, 0) = "text"
#       |           ^~~~~~
