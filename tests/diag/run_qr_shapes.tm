# run: tmrun {} -q
# status: 1
# Fewer rows than columns.
param m = 3
A = rand(m, 4)
[Q, R] = qr(A)
print(norm(Q), norm(R))

# expect
# run_qr_shapes.tm:6:10: error: qr wants at least as many rows as columns
#     6 | [Q, R] = qr(A)
#       |          ^~~~~
# note: in qr of the library (lib/qr.tm:4)
