# run: tmc {}
# status: 1
x = 1
if x ~= 2
  print(x)
end
if x <> 2
  print(x)
end

# expect
# not_equal.tm:4:6: error: "not equal" is written !=, not ~= [not_equal]
#     4 | if x ~= 2
#       |      ^~
# not_equal.tm:7:6: error: "not equal" is written !=, not <> [not_equal]
#     7 | if x <> 2
#       |      ^~
