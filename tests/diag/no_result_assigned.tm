# run: tmc {}
# status: 1
function y = f(x)
  z = x
end
print(f(1))

# expect
# no_result_assigned.tm:3:10: error: f does not assign its result y [no_result]
#     3 | function y = f(x)
#       |          ^
# no_result_assigned.tm:6:7: note: called from here
