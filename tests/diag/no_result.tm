# run: tmc {}
# status: 1
# Results where there are none, or fewer.
function f(x)
  print(x)
end
y = f(3)
z = print(3)
[a, b] = sum(ones(2, 2))
[c, d] = 3

# expect
# no_result.tm:7:5: error: f has no result [no_result]
#     7 | y = f(3)
#       |     ^~~~
# no_result.tm:8:5: error: print has no result [no_result]
#     8 | z = print(3)
#       |     ^~~~~~~~
# no_result.tm:9:10: error: sum gives 1 result, not 2 [no_result]
#     9 | [a, b] = sum(ones(2, 2))
#       |          ^~~~~~~~~~~~~~~
# no_result.tm:10:10: error: this gives one result, not 2 [no_result]
#    10 | [c, d] = 3
#       |          ^
