# run: tmc {}
# status: 1
for i in 0..3
  print(i)
endfor
while false
end while

# expect
# end_word.tm:5:1: error: "endfor" is written end [end_word]
#     5 | endfor
#       | ^~~~~~
# end_word.tm:7:1: error: a block ends with "end" alone [end_word]
#     7 | end while
#       | ^~~~~~~~~
