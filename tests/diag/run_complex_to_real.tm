# run: printf '%%%%MatrixMarket matrix array complex general\n1 2\n1 2\n3 0\n' >x.mtx; tmrun {} A=x.mtx
# status: 1
# A conversion that would lose imaginary parts.
input A(m, n)
B = f64(A)
print(sum(B))

# expect
# run_complex_to_real.tm:5:5: error: A is c128: its numbers do not go into real ones; real, imag and abs give such
#     5 | B = f64(A)
#       |     ^~~~~~
