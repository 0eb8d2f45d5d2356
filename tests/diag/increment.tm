# run: tmc {}
# status: 1
# C's ++.
i = 0
i++

# expect
# increment.tm:5:2: error: there is no ++ [increment]
#     5 | i++
#       |  ^~
# increment.tm:5:2: note: write x += 1
