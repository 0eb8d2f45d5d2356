# run: tmc {}
# status: 1
# An expression over several lines is marked on its first.
A = ones(3, 4)
B = A +
    ones(4,
         3)

# expect
# carets_of_lines.tm:5:5: error: cannot apply + to A (3 x 4) and ones(4,... (4 x 3): rows 3 and 4 differ [shapes]
#     5 | B = A +
#       |     ^~~
