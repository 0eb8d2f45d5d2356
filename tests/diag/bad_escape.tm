# run: tmc {}
# status: 1
# A backslash in a string begins nothing known.
print("a\qb")

# expect
# bad_escape.tm:4:9: error: unknown escape in a string [bad_escape]
#     4 | print("a\qb")
#       |         ^~
# bad_escape.tm:4:9: note: there are \n \t \" \\ and \x01 to \xff; a backslash itself is written \\
