# run: tmc {}
# status: 1
# How many arguments a function takes; each wrong call has its message.
A = ones(2, 2)
B = ones(2)
C = sqrt(A, A)
D = max(A, A, A)
function y = f(a, b)
  y = a + b
end
print(f(1), f(1, 2, 3), f(1, c = 3))

# expect
# argument_count.tm:5:5: error: ones takes 2 arguments, not 1 [argument]
#     5 | B = ones(2)
#       |     ^~~~~~~
# argument_count.tm:5:5: note: write ones(n, n)
# argument_count.tm:6:5: error: sqrt takes 1 argument, not 2 [argument]
#     6 | C = sqrt(A, A)
#       |     ^~~~~~~~~~
# argument_count.tm:7:5: error: max takes 1 or 2 arguments, not 3 [argument]
#     7 | D = max(A, A, A)
#       |     ^~~~~~~~~~~~
# argument_count.tm:11:7: error: f needs an argument for b [argument]
#    11 | print(f(1), f(1, 2, 3), f(1, c = 3))
#       |       ^~~~
# argument_count.tm:11:13: error: f takes 2 arguments, not 3 [argument]
#    11 | print(f(1), f(1, 2, 3), f(1, c = 3))
#       |             ^~~~~~~~~~
# argument_count.tm:11:25: error: f needs an argument for b [argument]
#    11 | print(f(1), f(1, 2, 3), f(1, c = 3))
#       |                         ^~~~~~~~~~~
