# run: tmc {}
# status: 1
# A text that only a loop assigns.
function y = f(n)
  for i in 0..n
    t = "a"
  end
  y = t
end
print(f(3))

# expect
# unassigned.tm:8:7: error: t is assigned only inside a loop or branch [unassigned]
#     8 |   y = t
#       |       ^
# unassigned.tm:6:5: note: assigned here
# unassigned.tm:10:7: note: called from here
