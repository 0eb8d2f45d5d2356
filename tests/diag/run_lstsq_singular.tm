# run: tmrun {} -q
# status: 1
# A column of zeros: no full rank.
A = rand(6, 3)
B = A .* [1, 0, 1]
x = lstsq(B, rand(6, 1))
print(norm(x))

# expect
# run_lstsq_singular.tm:6:5: error: column 1 of the matrix depends on those before it: pinv(A) * y gives the solution of least norm
#     6 | x = lstsq(B, rand(6, 1))
#       |     ^~~~~~~~~~~~~~~~~~~~
# note: in lstsq_back of the library (lib/lstsq_back.tm:5)
# note: in lstsq of the library (lib/lstsq.tm:13)
