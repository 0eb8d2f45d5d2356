# run: tmc {}
# status: 1
# ~ instead of !.
x = true
if ~x
  print(1)
end

# expect
# tilde.tm:5:4: error: "not" is written !, not ~ [tilde]
#     5 | if ~x
#       |    ^
# tilde.tm:5:4: note: a result that is not wanted is written _
