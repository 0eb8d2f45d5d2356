# run: tmc {}
# status: 1
A = ones(3, 4)
B =     A   *   (A + 1)   # spaces	and a tab stay in place
C = A +	ones(4, 3)

# expect
# carets_of_long_lines.tm:4:9: error: cannot multiply A (3 x 4) by A + 1 (3 x 4): inner sizes 4 and 3 differ [inner_size]
#     4 | B =     A   *   (A + 1)   # spaces	and a tab stay in place
#       |         ^~~~~~~~~~~~~~~
# carets_of_long_lines.tm:3:1: note: A is 3 x 4
# carets_of_long_lines.tm:5:5: error: +: A is 3 x 4 and ones(4, 3) is 4 x 3: rows 3 and 4 differ [shapes]
#     5 | C = A +	ones(4, 3)
#       |     ^~~~~~~~~~~~~~
