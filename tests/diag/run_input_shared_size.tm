# run: printf '1,2\n3,4\n' >a.csv; printf '1\n2\n3\n' >x.csv; tmrun {} A=a.csv x=x.csv
# status: 1
# Two inputs that share a size.
input A(m, n)
input x(n, 1)
print(norm(A * x))

# expect
# run_input_shared_size.tm:5:7: error: input x is 3 x 1; the script wants 2 rows
#     5 | input x(n, 1)
#       |       ^
