# run: tmrun {} -q
# status: 1
# A column of zeros: no full rank.
A = rand(6, 3)
B = A .* [1, 0, 1]
x = lstsq(B, rand(6, 1))
print(norm(x))

# expect
# run_lstsq_singular.tm:6:5: error: B is singular: pivot 1 is 0 (tile 0,0)
#     6 | x = lstsq(B, rand(6, 1))
#       |     ^~~~~~~~~~~~~~~~~~~~
# note: in lstsq of the library (lib/lstsq.tm:18)
