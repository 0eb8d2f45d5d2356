# run: printf '%%%%MatrixMarket matrix array complex general\n3 1\n1 2\n3 0\n0 1\n' >x.mtx; tmrun {} A=x.mtx
# status: 1
# Complex numbers have no order.
input A(m, 1)
s = sort(A)
print(s(0))

# expect
# run_complex_sort.tm:5:5: error: X is c128: sort is not defined for complex numbers
#     5 | s = sort(A)
#       |     ^~~~~~~
# note: in sort of the library (lib/sort.tm:10)
