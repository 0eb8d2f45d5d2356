# run: tmc {}
# status: 1
# Break and continue without a loop.
x = 1
break
if x > 0
  continue
end

# expect
# loop_control.tm:5:1: error: break stands outside of any loop [loop_control]
#     5 | break
#       | ^~~~~
# loop_control.tm:7:3: error: continue stands outside of any loop [loop_control]
#     7 |   continue
#       |   ^~~~~~~~
