# run: tmc {}
# status: 1
# Octave's and Pascal's !=.
x = 1
if x ~= 2
  print(x)
end
if x <> 2
  print(x)
end

# expect
# not_equal.tm:5:6: error: "not equal" is written !=, not ~= [not_equal]
#     5 | if x ~= 2
#       |      ^~
# not_equal.tm:8:6: error: "not equal" is written !=, not <> [not_equal]
#     8 | if x <> 2
#       |      ^~
