# run: tmc {}
# status: 1
# A name is missed once.
alpha = 3
print(alhpa)
x = beta + beta
print(x)

# expect
# unknown_name.tm:5:7: error: alhpa is not assigned before it is used [unknown_name]
#     5 | print(alhpa)
#       |       ^~~~~
# unknown_name.tm:5:7: note: did you mean alpha?
# unknown_name.tm:6:5: error: beta is not assigned before it is used [unknown_name]
#     6 | x = beta + beta
#       |     ^~~~
