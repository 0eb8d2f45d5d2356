# run: tmc {}
# status: 1
# A function that leaves one of its results unassigned.
function [a, b] = f(x)
  a = x
end
[p, q] = f(1)

# expect
# function_result_kind.tm:4:14: error: f does not assign its result b [no_result]
#     4 | function [a, b] = f(x)
#       |              ^
# function_result_kind.tm:7:10: note: called from here
