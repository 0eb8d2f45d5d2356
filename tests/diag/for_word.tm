# run: tmc {}
# status: 1
# Parfor or foreach instead of for.
parfor i in 0..3
  print(i)
end

# expect
# for_word.tm:4:1: error: "parfor" is written for [for_word]
#     4 | parfor i in 0..3
#       | ^~~~~~
