# run: tmc {}
# status: 1
# ... is not the last thing on its line.
x = 1 ... + 2
print(x)

# expect
# continuation.tm:4:7: error: "..." continues a line and must end it [continuation]
#     4 | x = 1 ... + 2
#       |       ^~~
# continuation.tm:4:7: note: ranges are written a..b
