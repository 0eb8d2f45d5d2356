# run: tmc {}
# status: 1
# Matrices and blocks in braces.
A = {1, 2}
if 1 > 0 {
  print(1)
}

# expect
# braces.tm:4:5: error: unexpected "{": matrices are written [1, 2; 3, 4] and blocks end with "end" [braces]
#     4 | A = {1, 2}
#       |     ^
# braces.tm:5:10: error: unexpected "{": a block begins on the next line and ends with "end" [braces]
#     5 | if 1 > 0 {
#       |          ^
