# run: tmc {}
# status: 1
A = ones(3, 4)
B = ones(3, 5)
C = A + B
D = ones(2, 4) .* A
E = [1, 2; 3]
F = ones(-1, 2)

# expect
# shapes.tm:5:5: error: +: A is 3 x 4 and B is 3 x 5: columns 4 and 5 differ [shapes]
#     5 | C = A + B
#       |     ^~~~~
# shapes.tm:6:5: error: .*: ones(2, 4) is 2 x 4 and A is 3 x 4: rows 2 and 3 differ [shapes]
#     6 | D = ones(2, 4) .* A
#       |     ^~~~~~~~~~~~~~~
# shapes.tm:7:12: error: row 1 has 1 entries and the first has 2 [shapes]
#     7 | E = [1, 2; 3]
#       |            ^
# shapes.tm:8:10: error: a matrix can't have -1 rows [shapes]
#     8 | F = ones(-1, 2)
#       |          ^~
