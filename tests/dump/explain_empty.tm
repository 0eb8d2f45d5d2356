# run: tmc --explain {} && tmc --explain=text {} -o a.txt && cat a.txt
# A script that does nothing.
n = 3

# expect
# explain_empty.tm:3:1: warning: n is assigned and nowhere used [unused]
#     3 | n = 3
#       | ^
# explain_empty.tm: tiles 112 x 112
#
#     3 | n = 3
#       | warning: n is assigned and nowhere used [unused]
#
# total: 0 flop, 0 B: 0 tasks
# explain_empty.tm:3:1: warning: n is assigned and nowhere used [unused]
#     3 | n = 3
#       | ^
# explain_empty.tm: tiles 112 x 112
#
#     3 | n = 3
#       | warning: n is assigned and nowhere used [unused]
#
# total: 0 flop, 0 B: 0 tasks
