# run: tmc {}
# status: 1
x = 1
if x = 1
  print(x)
end

# expect
# equals_test.tm:4:6: error: a comparison is written ==, not = [equals_test]
#     4 | if x = 1
#       |      ^
