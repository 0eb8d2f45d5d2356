# run: tmc {}
# status: 1
x = 1 ... + 2
print(x)

# expect
# continuation.tm:3:7: error: "..." continues a line and must end it [continuation]
#     3 | x = 1 ... + 2
#       |       ^~~
# continuation.tm:3:7: note: ranges are written a..b
