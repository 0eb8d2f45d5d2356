# run: tmc {}
# status: 1
# Sizes that must agree and do not.
A = ones(3, 4)
B = ones(3, 5)
C = A + B
D = ones(2, 4) .* A
E = [1, 2; 3]
F = ones(-1, 2)

# expect
# shapes.tm:6:5: error: cannot apply + to A (3 x 4) and B (3 x 5): columns 4 and 5 differ [shapes]
#     6 | C = A + B
#       |     ^~~~~
# shapes.tm:7:5: error: cannot apply .* to ones(2, 4) (2 x 4) and A (3 x 4): rows 2 and 3 differ [shapes]
#     7 | D = ones(2, 4) .* A
#       |     ^~~~~~~~~~~~~~~
# shapes.tm:8:12: error: row 1 has 1 entry and row 0 has 2 [shapes]
#     8 | E = [1, 2; 3]
#       |            ^
# shapes.tm:9:10: error: a matrix can't have -1 rows [shapes]
#     9 | F = ones(-1, 2)
#       |          ^~
