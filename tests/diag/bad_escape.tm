# run: tmc {}
# status: 1
print("a\qb")

# expect
# bad_escape.tm:3:9: error: unknown escape in a string [bad_escape]
#     3 | print("a\qb")
#       |         ^~
# bad_escape.tm:3:9: note: there are \n \t \" \\ and \x01 to \xff; a backslash itself is written \\
