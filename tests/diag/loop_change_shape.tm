# run: tmc {}
# status: 1
# A name keeps its shape in loops and behind branches.
param n = 3
A = ones(2, 2)
for i in 0..n
  A = ones(3, 2)
end
if sum(A) > 1
  B = ones(2, 2)
else
  B = ones(2, 3)
end

# expect
# loop_change_shape.tm:7:7: error: A has 2 rows before a turn of the loop and 3 after it: a name keeps its shape [loop_change]
#     7 |   A = ones(3, 2)
#       |       ^~~~~~~~~~
# loop_change_shape.tm:5:5: note: A is 2 x 2 here
# loop_change_shape.tm:12:7: error: B has 2 columns on one path and 3 on the other: a name keeps its shape [loop_change]
#    12 |   B = ones(2, 3)
#       |       ^~~~~~~~~~
# loop_change_shape.tm:10:7: note: B is 2 x 2 here
