# run: tmc {}
# status: 1
i = 0
i++

# expect
# increment.tm:4:2: error: there is no ++ [increment]
#     4 | i++
#       |  ^~
# increment.tm:4:2: note: write x += 1
