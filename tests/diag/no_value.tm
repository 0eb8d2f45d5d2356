# run: tmc {}
# status: 1
# Constants that have no value; a real quotient by 0 is inf.
x = 5 / 0
y = mod(5, 0)
z = 2 ^ 63
w = 9007199254740991 * 9007199254740991

# expect
# no_value.tm:5:5: error: division by zero [no_value]
#     5 | y = mod(5, 0)
#       |     ^~~~~~~~~
# no_value.tm:6:5: error: integer overflow [no_value]
#     6 | z = 2 ^ 63
#       |     ^~~~~~
# no_value.tm:7:5: error: integer overflow [no_value]
#     7 | w = 9007199254740991 * 9007199254740991
#       |     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
