# run: tmc {}
# status: 1
# = instead of == in a test.
x = 1
if x = 1
  print(x)
end

# expect
# equals_test.tm:5:6: error: a comparison is written ==, not = [equals_test]
#     5 | if x = 1
#       |      ^
