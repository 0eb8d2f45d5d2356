# run: tmc {}
# status: 1
# Words of the language as names.
input = 4
matrix = 3
x = until
step = 2

# expect
# reserved_word.tm:4:1: error: "input" is a word of the language and cannot be a name [reserved_word]
#     4 | input = 4
#       | ^~~~~
# reserved_word.tm:5:1: error: "matrix" is a word of the language and cannot be a name [reserved_word]
#     5 | matrix = 3
#       | ^~~~~~
# reserved_word.tm:6:5: error: "until" is a word of the language and cannot be a name [reserved_word]
#     6 | x = until
#       |     ^~~~~
# reserved_word.tm:7:1: error: "step" is a word of the language and cannot be a name [reserved_word]
#     7 | step = 2
#       | ^~~~
