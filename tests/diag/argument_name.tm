# run: tmc {}
# status: 1
A = rand(2, 2, sed=3)
B = ones(2, 2, type=f16)
C = sum(A, axis=0)

# expect
# argument_name.tm:3:16: error: rand takes no argument sed [argument]
#     3 | A = rand(2, 2, sed=3)
#       |                ^~~~~
# argument_name.tm:4:21: error: f16 is not assigned before it is used [unknown_name]
#     4 | B = ones(2, 2, type=f16)
#       |                     ^~~
