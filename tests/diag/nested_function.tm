# run: tmc {}
# status: 1
# A function inside a block.
if 1 > 0
  function y = f(x)
    y = x
  end
end

# expect
# nested_function.tm:5:16: error: function f is defined inside a block [nested_function]
#     5 |   function y = f(x)
#       |                ^
# nested_function.tm:4:1: note: the block begins here
