# run: tmc {}
# status: 1
# Other languages' words for end.
for i in 0..3
  print(i)
endfor
while false
end while

# expect
# end_word.tm:6:1: error: "endfor" is written end [end_word]
#     6 | endfor
#       | ^~~~~~
# end_word.tm:8:1: error: a block ends with "end" alone [end_word]
#     8 | end while
#       | ^~~~~~~~~
