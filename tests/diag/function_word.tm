# run: tmc {}
# status: 1
# Python's def.
def f(x)
  print(x)
end

# expect
# function_word.tm:4:1: error: "def" is written function [function_word]
#     4 | def f(x)
#       | ^~~
