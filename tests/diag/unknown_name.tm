# run: tmc {}
# status: 1
alpha = 3
print(alhpa)
x = beta + beta
print(x)

# expect
# unknown_name.tm:4:7: error: alhpa is not assigned before it is used [unknown_name]
#     4 | print(alhpa)
#       |       ^~~~~
# unknown_name.tm:4:7: note: did you mean alpha?
# unknown_name.tm:5:5: error: beta is not assigned before it is used [unknown_name]
#     5 | x = beta + beta
#       |     ^~~~
# unknown_name.tm:5:12: error: beta is not assigned before it is used [unknown_name]
#     5 | x = beta + beta
#       |            ^~~~
