# run: tmrun {} -q
# status: 1
# A pivot is zero: the whole matrix's row, and its tile.
tile 2
A = [1, 2, 3; 2, 4, 6; 1, 0, 1]
x = A \ ones(3, 1)
print(sum(x))

# expect
# run_singular.tm:6:5: error: A is singular: pivot 2 is 0 (tile 1,1)
#     6 | x = A \ ones(3, 1)
#       |     ^~~~~~~~~~~~~~
# note: in solve_lu of the library (lib/solve_lu.tm:24)
# note: in solve of the library (lib/solve.tm:47)
