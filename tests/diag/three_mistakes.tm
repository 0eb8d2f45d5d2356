# run: tmc {}
# status: 1
# Mistakes in several lines: a message for each.
A = ones(3, 3
B = A **2
C = undefined + 1
D = A + 'x'
print(sum(B)

# expect
# three_mistakes.tm:4:9: error: "(" is not closed [unclosed]
#     4 | A = ones(3, 3
#       |         ^
# three_mistakes.tm:5:7: error: power is written ^, not ** [power]
#     5 | B = A **2
#       |       ^~
# three_mistakes.tm:7:9: error: strings are written in double quotes; ' is the transpose [single_quotes]
#     7 | D = A + 'x'
#       |         ^
# three_mistakes.tm:8:6: error: "(" is not closed [unclosed]
#     8 | print(sum(B)
#       |      ^
