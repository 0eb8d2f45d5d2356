# run: tmc {}
# status: 1
# Statements that stand only in the script, or only at its head.
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
# statement_place.tm:5:3: error: param stands in the script itself, not in a function, loop or branch [statement_place]
#     5 |   param n = 3
#       |   ^~~~~~~~~~~
# statement_place.tm:12:1: error: tile comes before the first matrix [statement_place]
#    12 | tile 3
#       | ^~~~~~
# statement_place.tm:8:3: error: input stands in the script itself, not in a function, loop or branch [statement_place]
#     8 |   input A(2, 2)
#       |   ^~~~~~~~~~~~~
# statement_place.tm:13:7: note: called from here
