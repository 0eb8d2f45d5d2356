# run: tmc {}
# status: 1
x = 1
for i in 0..3
  x = x > 0
end

# expect
# loop_change_kind.tm:5:3: error: x is a truth on one path and a number on another [loop_change]
#     5 |   x = x > 0
#       |   ^
