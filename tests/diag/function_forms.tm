# run: tmc {}
# status: 1
# Forms of a function are told apart by results and arguments; messages have
# the name that was written.
A = ones(3, 3)
s = svd(A, 1)
w = eig()
[U, s, V, X] = svd(A)
n = norm(A, 1, 2)
[V, w] = heevd(A)
svd = 3
function x = eig(A)
  x = 7
end
print(eig(A))

# expect
# function_forms.tm:6:5: error: svd takes 1 argument, not 2 [argument]
#     6 | s = svd(A, 1)
#       |     ^~~~~~~~~
# function_forms.tm:7:5: error: eig needs an argument for A [argument]
#     7 | w = eig()
#       |     ^~~~~
# function_forms.tm:8:16: error: svd gives 3 results, not 4 [no_result]
#     8 | [U, s, V, X] = svd(A)
#       |                ^~~~~~
# function_forms.tm:9:5: error: norm takes 1 argument, not 3 [argument]
#     9 | n = norm(A, 1, 2)
#       |     ^~~~~~~~~~~~~
# function_forms.tm:10:2: error: a kernel's result goes to a tile [tile_wanted]
#    10 | [V, w] = heevd(A)
#       |  ^
