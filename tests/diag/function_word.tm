# run: tmc {}
# status: 1
def f(x)
  print(x)
end

# expect
# function_word.tm:3:1: error: "def" is written function [function_word]
#     3 | def f(x)
#       | ^~~
