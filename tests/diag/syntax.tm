# run: tmc {}
# status: 1
x = = 3
matrix C(2 2)
for in 0..3
end

# expect
# syntax.tm:3:5: error: unexpected "=", expected an expression [syntax]
#     3 | x = = 3
#       |     ^
# syntax.tm:4:12: error: unexpected number 2, expected "," or ")" [syntax]
#     4 | matrix C(2 2)
#       |            ^
# syntax.tm:4:9: note: the bracket is opened here
# syntax.tm:5:5: error: "in" is a word of the language and cannot be a name [reserved_word]
#     5 | for in 0..3
#       |     ^~
