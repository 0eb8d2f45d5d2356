# run: tmc {}
# status: 1
# Elements are read, not assigned.
input A(m, n) tile 2
A(0, 0) = 3

# expect
# assign_element.tm:5:1: error: assigning elements and slices is not there yet [unsupported]
#     5 | A(0, 0) = 3
#       | ^~~~~~~
