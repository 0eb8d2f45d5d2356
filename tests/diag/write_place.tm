# run: tmc {}
# status: 1
# Write in a loop, and with wrong arguments.
A = ones(2, 2)
for i in 0..3
  write(A, "a.npy")
end
write("a.npy", A)
write(A)

# expect
# write_place.tm:6:3: error: write in a loop or branch would replace its own file [statement_place]
#     6 |   write(A, "a.npy")
#       |   ^~~~~~~~~~~~~~~~~
# write_place.tm:8:7: error: a matrix or number is wanted here, not a text [operand_type]
#     8 | write("a.npy", A)
#       |       ^~~~~~~
# write_place.tm:9:1: error: write takes a matrix and the name of a file [argument]
#     9 | write(A)
#       | ^~~~~~~~
