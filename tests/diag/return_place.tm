# run: tmc {}
# status: 1
# A return that is not a function's last line.
function y = f(x)
  y = x
  return
  y = 2
end
return
print(f(1))

# expect
# return_place.tm:9:1: error: return is a function's last statement [return_place]
#     9 | return
#       | ^~~~~~
# return_place.tm:6:3: error: return is a function's last statement [return_place]
#     6 |   return
#       |   ^~~~~~
# return_place.tm:10:7: note: called from here
