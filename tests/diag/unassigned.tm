# run: tmc {}
# status: 1
function y = f(n)
  for i in 0..n
    t = "a"
  end
  y = t
end
print(f(3))

# expect
# unassigned.tm:7:7: error: t is assigned only inside a loop or branch [unassigned]
#     7 |   y = t
#       |       ^
# unassigned.tm:5:5: note: assigned here
