# run: printf 'x = 1\001\nprint("a\377b")\ny = \000 2\n' >bytes.tm; : {}; tmc bytes.tm
# status: 1
# Control characters, NUL bytes and what is not UTF-8, each with its place.

# expect
# bytes.tm:1:6: error: a control character, \x01 [bad_byte]
#     1 | x = 1\x01
#       |      ^
# bytes.tm:2:9: error: the byte \xFF is not UTF-8 [bad_byte]
#     2 | print("a\xFFb")
#       |         ^
# bytes.tm:3:5: error: a NUL byte [bad_byte]
#     3 | y = \x00 2
#       |     ^
