# run: printf '%%%%MatrixMarket matrix array complex general\n1 2\n1 2\n3 0\n' >x.mtx; printf '1,2\n' >b.csv; tmrun {} A=x.mtx B=b.csv
# status: 1
# The real type that belongs to c128 is f64.
input A(m, n)
input B(m, n) is f32
C = abs(A) + B
print(sum(C))

# expect
# run_real_type_differs.tm:4:7: error: B is f32 and meets real numbers that belong to A, which is c128
#     4 | input A(m, n)
#       |       ^
