# run: tmc {}
# status: 1
# Loops count up.
for i in 10..0 step -1
  print(i)
end

# expect
# argument_step.tm:4:21: error: the step of a loop is -1 and must be at least 1 [argument]
#     4 | for i in 10..0 step -1
#       |                     ^~
# argument_step.tm:4:21: note: to go down: for k in 0..n, and n - 1 - k in the loop
