# run: tmc {}
# status: 1
parfor i in 0..3
  print(i)
end

# expect
# for_word.tm:3:1: error: "parfor" is written for [for_word]
#     3 | parfor i in 0..3
#       | ^~~~~~
