# run: tmc {}
# status: 1
A = ones(3, 4)
B = A +
    ones(4,
         3)

# expect
# carets_of_lines.tm:4:5: error: +: A is 3 x 4 and ones(4, is 4 x 3: rows 3 and 4 differ [shapes]
#     4 | B = A +
#       |     ^~~
