# run: tmc {}
# status: 1
# The text does not follow the grammar.
x = = 3
matrix C(2 2)
for in 0..3
end

# expect
# syntax.tm:4:5: error: unexpected "=", expected an expression [syntax]
#     4 | x = = 3
#       |     ^
# syntax.tm:5:12: error: unexpected number 2, expected "," or ")" [syntax]
#     5 | matrix C(2 2)
#       |            ^
# syntax.tm:5:9: note: the bracket is opened here
# syntax.tm:6:5: error: "in" is a word of the language and cannot be a name [reserved_word]
#     6 | for in 0..3
#       |     ^~
