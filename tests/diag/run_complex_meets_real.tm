# run: printf '%%%%MatrixMarket matrix array complex general\n1 2\n1 2\n3 0\n' >x.mtx; tmrun {} A=x.mtx
# status: 1
# A's entries meet their real parts: so A must be real.
input A(m, n)
B = A + real(A)
print(sum(B))

# expect
# run_complex_meets_real.tm:4:7: error: A is c128 and meets real numbers
#     4 | input A(m, n)
#       |       ^
