# run: tmc {}
# status: 1
# Two functions of one name.
function y = f(x)
  y = x
end
function y = f(x)
  y = 2 * x
end
print(f(1))

# expect
# function_twice.tm:7:14: error: function f is defined twice [function_twice]
#     7 | function y = f(x)
#       |              ^
