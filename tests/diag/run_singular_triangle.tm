# run: tmrun {} -q
# status: 1
# b / T names T; so does a function of the library that solves.
tile 2
T = tril([1, 0, 0; 2, 4, 0; 1, 5, 0])
x = ones(1, 3) / T
print(sum(x))

# expect
# run_singular_triangle.tm:6:5: error: T is singular: pivot 2 is 0 (tile 1,1)
#     6 | x = ones(1, 3) / T
#       |     ^~~~~~~~~~~~~~
# note: in solve of the library (lib/solve.tm:34)
