# run: tmrun {} -q
# status: 1
# Written out in a function: the place in it, and where it was called.
tile 4
function L = factor(A is spd)
  L = tril(A)
  for k in 0..trows(L)
    L[k,k] = potrf(L[k,k])
  end
end
B = 3 * eye(10) - 4 * ones(10, 10)
L = factor(B)
print(sum(L))

# expect
# run_not_definite_in_function.tm:8:14: error: B is not positive definite: leading minor 1 (tile 0,0)
#     8 |     L[k,k] = potrf(L[k,k])
#       |              ^~~~~~~~~~~~~
# run_not_definite_in_function.tm:12:5: note: called from here
