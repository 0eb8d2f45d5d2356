# run: printf "1,2\n3,4\n" >a.csv; printf "1\n2\n3\n" >x.csv; tmrun {} -q A=a.csv x=x.csv
# status: 1
# One size name in two inputs: their files must agree.
input A(m, n)
input x(n, 1)
y = A * x
output y

# expect
# input_sizes.tm:5:7: error: input x is 3 x 1; the script wants 2 rows
#     5 | input x(n, 1)
#       |       ^
