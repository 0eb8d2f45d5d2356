# run: tmc {}
# status: 1
function y = even(n)
  y = odd(n - 1)
end
function y = odd(n)
  y = even(n - 1)
end
print(even(4))

# expect
# recursion.tm:7:7: error: even calls itself: functions are expanded where they are called, so recursion is refused [recursion]
#     7 |   y = even(n - 1)
#       |       ^~~~~~~~~~~
