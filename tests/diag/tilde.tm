# run: tmc {}
# status: 1
x = true
if ~x
  print(1)
end

# expect
# tilde.tm:4:4: error: "not" is written !, not ~ [tilde]
#     4 | if ~x
#       |    ^
# tilde.tm:4:4: note: a result that is not wanted is written _
