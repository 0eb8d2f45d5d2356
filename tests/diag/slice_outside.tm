# run: tmc {}
# status: 1
# Slices that are known not to be there.
A = ones(3, 4)
v = ones(5, 1)
B = A(0..4, :)
C = A(2..1, :)
D = A(:, -1..2)
e = v(3..6)
f = A(1..2)
g = A(3, :)
h = A'(3..4, 3)
k = 7
l = k(0..1)

# expect
# slice_outside.tm:6:5: error: A is 3 x 4 and has no rows 0 .. 4 [shapes]
#     6 | B = A(0..4, :)
#       |     ^~~~~~~~~~
# slice_outside.tm:7:5: error: A is 3 x 4 and has no rows 2 .. 1 [shapes]
#     7 | C = A(2..1, :)
#       |     ^~~~~~~~~~
# slice_outside.tm:8:5: error: A is 3 x 4 and has no columns -1 .. 2 [shapes]
#     8 | D = A(:, -1..2)
#       |     ^~~~~~~~~~~
# slice_outside.tm:9:5: error: v is 5 x 1 and has no rows 3 .. 6 [shapes]
#     9 | e = v(3..6)
#       |     ^~~~~~~
# slice_outside.tm:10:5: error: one index is for row and column vectors; A is 3 x 4 [argument]
#    10 | f = A(1..2)
#       |     ^~~~~~~
# slice_outside.tm:10:5: note: A(i, :) is a row, A(:, j) a column
# slice_outside.tm:11:5: error: A is 3 x 4 and has no row 3; the first is 0 [shapes]
#    11 | g = A(3, :)
#       |     ^~~~~~~
# slice_outside.tm:12:5: error: A' is 4 x 3 and has no column 3; the first is 0 [shapes]
#    12 | h = A'(3..4, 3)
#       |     ^~~~~~~~~~~
# slice_outside.tm:14:5: error: an element has a row and a column, and only matrices have elements: A(i, j) [argument]
#    14 | l = k(0..1)
#       |     ^~~~~~~
