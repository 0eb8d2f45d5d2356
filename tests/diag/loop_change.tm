# run: tmc {}
# status: 1
# A number that becomes a matrix in a loop.
param n = 3
x = 1
for i in 0..n
  x = ones(2, 3)
end

# expect
# loop_change.tm:7:7: error: x has 1 rows before a turn of the loop and 2 after it: a name keeps its shape [loop_change]
#     7 |   x = ones(2, 3)
#       |       ^~~~~~~~~~
# loop_change.tm:6:1: note: x is 1 x 1 here
