# run: tmc {}
# status: 1
# Carets stand under the text, whatever blanks are in the line.
A = ones(3, 4)
B =     A   *   (A + 1)   # spaces	and a tab stay in place
C = A +	ones(4, 3)

# expect
# carets_of_long_lines.tm:5:9: error: cannot multiply A (3 x 4) by A + 1 (3 x 4): inner sizes 4 and 3 differ [inner_size]
#     5 | B =     A   *   (A + 1)   # spaces	and a tab stay in place
#       |         ^~~~~~~~~~~~~~~
# carets_of_long_lines.tm:4:1: note: A is 3 x 4
# carets_of_long_lines.tm:6:5: error: cannot apply + to A (3 x 4) and ones(4, 3) (4 x 3): rows 3 and 4 differ [shapes]
#     6 | C = A +	ones(4, 3)
#       |     ^~~~~~~~~~~~~~
