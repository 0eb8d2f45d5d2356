# run: tmc {}
# status: 1
# A number that becomes a truth in a loop.
x = 1
for i in 0..3
  x = x > 0
end

# expect
# loop_change_kind.tm:6:3: error: x is a truth on one path and a number on another [loop_change]
#     6 |   x = x > 0
#       |   ^
