# run: tmrun {} -D n=many
# status: 2
# A parameter of another kind.
param n = 3
print(n)

# expect
# tmrun: error: parameter n is a whole number, not 'many'
