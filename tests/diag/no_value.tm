# run: tmc {}
# status: 1
x = 5 / 0
y = mod(5, 0)
z = 2 ^ 63
w = 9007199254740991 * 9007199254740991

# expect
# no_value.tm:4:5: error: division by zero [no_value]
#     4 | y = mod(5, 0)
#       |     ^~~~~~~~~
# no_value.tm:5:5: error: integer overflow [no_value]
#     5 | z = 2 ^ 63
#       |     ^~~~~~
