# run: tmrun {} -q
# status: 1
# inv and a definite matrix that is none: the script's operand and place.
function X = twice(M)
  X = inv(M) + inv(M)
end
A = zeros(3, 3)
print(sum(twice(A)))

# expect
# run_singular_inverse.tm:5:7: error: A is singular: pivot 0 is 0 (tile 0,0)
#     5 |   X = inv(M) + inv(M)
#       |       ^~~~~~
# note: in solve_lu of the library (lib/solve_lu.tm:24)
# note: in solve of the library (lib/solve.tm:47)
# note: in inv of the library (lib/inv.tm:3)
# run_singular_inverse.tm:8:11: note: called from here
