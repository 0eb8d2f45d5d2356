# run: tmrun {} -q
# status: 1
# The same where sizes are known when the plan is run.
param m = 4
param n = 3
A = rand(m, n)
x = A \ ones(m, 1)
print(sum(x))

# expect
# run_solve_tall.tm:7:5: error: \ solves with a square matrix so far: A is 4 x 3; lstsq gives least squares
#     7 | x = A \ ones(m, 1)
#       |     ^~~~~~~~~~~~~~
