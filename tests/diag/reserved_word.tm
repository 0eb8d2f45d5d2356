# run: tmc {}
# status: 1
end = 3
input = 4
for = 2

# expect
# reserved_word.tm:3:1: error: "end" closes no block [extra_end]
#     3 | end = 3
#       | ^~~
# reserved_word.tm:4:1: error: "input" is a word of the language and cannot be a name [reserved_word]
#     4 | input = 4
#       | ^~~~~
# reserved_word.tm:5:5: error: a loop is written for i in 0..n, not for i = 0..n [for_equals]
#     5 | for = 2
#       |     ^
# reserved_word.tm:5:1: error: "for" is not closed by "end" [missing_end]
#     5 | for = 2
#       | ^~~
