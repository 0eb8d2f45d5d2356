# run: tmc {}
# status: 1
# Python's power.
print(2 ** 3)

# expect
# power.tm:4:9: error: power is written ^, not ** [power]
#     4 | print(2 ** 3)
#       |         ^~
