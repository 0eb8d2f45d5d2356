# run: tmrun {} -q
# status: 1
# What has no value is an error with its place, where it is used.
param n = 0
a = 5 / n
print(a, -a)
b = mod(5, n)
if n > 0
  print(b)
end
print("before")
print(1 + b)

# expect
# inf -inf
# before
# numbers_fault.tm:12:1: error: division by zero
#    12 | print(1 + b)
#       | ^~~~~~~~~~~~
