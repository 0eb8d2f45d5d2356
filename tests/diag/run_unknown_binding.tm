# run: printf '1,2\n' >a.csv; tmrun {} a=a.csv
# status: 2
# A file for what is no input or output.
input A(m, n)
output A

# expect
# tmrun: error: there is no input or output a; inputs are A; outputs are A
