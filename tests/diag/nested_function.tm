# run: tmc {}
# status: 1
if 1 > 0
  function y = f(x)
    y = x
  end
end

# expect
# nested_function.tm:4:16: error: function f is defined inside a block [nested_function]
#     4 |   function y = f(x)
#       |                ^
# nested_function.tm:3:1: note: the block begins here
