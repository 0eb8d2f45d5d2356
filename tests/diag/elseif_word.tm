# run: tmc {}
# status: 1
# Other languages' words for elseif.
x = 1
if x > 2
  print(1)
elif x > 1
  print(2)
else if x > 0
  print(3)
end

# expect
# elseif_word.tm:7:1: error: "elif" is written elseif [elseif_word]
#     7 | elif x > 1
#       | ^~~~
# elseif_word.tm:9:1: error: "else if" is written elseif, in one word [elseif_word]
#     9 | else if x > 0
#       | ^~~~~~~
