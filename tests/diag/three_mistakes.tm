# run: tmc {}
# status: 1
A = ones(3, 3
B = A **2
C = undefined + 1
D = A + 'x'
print(sum(B)

# expect
# three_mistakes.tm:3:9: error: "(" is not closed [unclosed]
#     3 | A = ones(3, 3
#       |         ^
# three_mistakes.tm:4:7: error: power is written ^, not ** [power]
#     4 | B = A **2
#       |       ^~
# three_mistakes.tm:6:9: error: strings are written in double quotes; ' is the transpose [single_quotes]
#     6 | D = A + 'x'
#       |         ^
# three_mistakes.tm:7:6: error: "(" is not closed [unclosed]
#     7 | print(sum(B)
#       |      ^
