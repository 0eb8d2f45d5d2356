# run: tmc {}
# status: 1
print(2 ** 3)

# expect
# power.tm:3:9: error: power is written ^, not ** [power]
#     3 | print(2 ** 3)
#       |         ^~
