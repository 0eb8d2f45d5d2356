# run: printf '%%%%MatrixMarket matrix array complex general\n1 2\n1 2\n3 0\n' >x.mtx; tmrun {} A=x.mtx
# status: 1
# Nothing was known of the type before the run, which says it at its place.
input A(m, n)
print(A(0, 0), norm(A))
B = A < 1
print(sum(B))

# expect
# 1+2i 3.7416573867739413
# run_complex_order.tm:6:5: error: A is c128: < is not defined for complex numbers
#     6 | B = A < 1
#       |     ^~~~~
