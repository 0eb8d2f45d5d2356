# run: tmc {}
# status: 1
# End, else and until without their block.
x = 1
end
else
until x > 1

# expect
# extra_end.tm:5:1: error: "end" closes no block [extra_end]
#     5 | end
#       | ^~~
# extra_end.tm:6:1: error: "else" without "if" [extra_end]
#     6 | else
#       | ^~~~
# extra_end.tm:7:1: error: "until" without "repeat" [extra_end]
#     7 | until x > 1
#       | ^~~~~
