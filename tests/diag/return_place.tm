# run: tmc {}
# status: 1
function y = f(x)
  y = x
  return
  y = 2
end
return
print(f(1))

# expect
# return_place.tm:8:1: error: return is a function's last statement [return_place]
#     8 | return
#       | ^~~~~~
# return_place.tm:5:3: error: return is a function's last statement [return_place]
#     5 |   return
#       |   ^~~~~~
