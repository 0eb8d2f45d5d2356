# run: tmc {}
# status: 1
function y = f(x)
  y = x
end
function y = f(x)
  y = 2 * x
end
print(f(1))

# expect
# function_twice.tm:6:14: error: function f is defined twice [function_twice]
#     6 | function y = f(x)
#       |              ^
