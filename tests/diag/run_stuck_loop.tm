# run: tmrun {} -q
# status: 1
# A step that turns out not to be above 0.
param s = 0
for i in 0..3 step s
  print(i)
end

# expect
# run_stuck_loop.tm:5:5: error: the step of a loop is 0 and must be at least 1
#     5 | for i in 0..3 step s
#       |     ^
