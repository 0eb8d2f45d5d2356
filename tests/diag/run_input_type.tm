# run: printf '1,2\n' >a.csv; tmrun {} A=a.csv B=a.csv
# status: 1
# Two matrices of different types that meet.
input A(m, n) is f32
input B(m, n) is f64
C = A + B
print(sum(C))

# expect
# run_input_type.tm:6:5: error: A is f32 and B is f64: types do not mix [mixed_types]
#     6 | C = A + B
#       |     ^~~~~
