# run: tmc {}
# status: 1
if 1 > 0
  param n = 3
end
function y = f(x)
  input A(2, 2)
  y = x
end
A = ones(2, 2)
tile 3
print(f(1))

# expect
# statement_place.tm:4:3: error: param stands in the script itself, not in a function, loop or branch [statement_place]
#     4 |   param n = 3
#       |   ^~~~~~~~~~~
# statement_place.tm:11:1: error: tile comes before the first matrix [statement_place]
#    11 | tile 3
#       | ^~~~~~
# statement_place.tm:7:3: error: input stands in the script itself, not in a function, loop or branch [statement_place]
#     7 |   input A(2, 2)
#       |   ^~~~~~~~~~~~~
