# run: tmc {}
# status: 1
# Forms of numbers that are not ours.
x = 1.
y = .5
z = 0x10
w = 1e
print(x, y, z, w)

# expect
# bad_number.tm:4:6: error: a number does not end with "." [bad_number]
#     4 | x = 1.
#       |      ^
# bad_number.tm:4:6: note: write 5.0 or 5 for 5.
# bad_number.tm:5:5: error: a number does not begin with "." [bad_number]
#     5 | y = .5
#       |     ^~
# bad_number.tm:5:5: note: write 0.5
# bad_number.tm:6:5: error: numbers are decimal [bad_number]
#     6 | z = 0x10
#       |     ^~~~
# bad_number.tm:7:5: error: the exponent has no digits [bad_number]
#     7 | w = 1e
#       |     ^~
