# run: tmc {}
# status: 1
A = {1, 2}
if 1 > 0 {
  print(1)
}

# expect
# braces.tm:3:5: error: unexpected "{": matrices are written [1, 2; 3, 4] and blocks end with "end" [braces]
#     3 | A = {1, 2}
#       |     ^
# braces.tm:4:10: error: unexpected "{": a block begins on the next line and ends with "end" [braces]
#     4 | if 1 > 0 {
#       |          ^
