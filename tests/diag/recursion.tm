# run: tmc {}
# status: 1
# Functions that call each other in a ring.
function y = even(n)
  y = odd(n - 1)
end
function y = odd(n)
  y = even(n - 1)
end
print(even(4))

# expect
# recursion.tm:8:7: error: even calls itself: functions are expanded where they are called, so recursion is refused [recursion]
#     8 |   y = even(n - 1)
#       |       ^~~~~~~~~~~
# recursion.tm:5:7: note: called from here
# recursion.tm:10:7: note: called from here
