# run: tmc {}
# status: 1
x = 1
break
if x > 0
  continue
end

# expect
# loop_control.tm:4:1: error: break stands outside of any loop [loop_control]
#     4 | break
#       | ^~~~~
# loop_control.tm:6:3: error: continue stands outside of any loop [loop_control]
#     6 |   continue
#       |   ^~~~~~~~
