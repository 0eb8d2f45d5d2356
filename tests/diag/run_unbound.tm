# run: tmrun {}
# status: 2
# An input without a file; all inputs are listed.
input design(m, n)
input response(m, 1)
print(norm(design' * response))

# expect
# tmrun: error: input design is not bound: bind it with design=FILE; inputs are design, response
