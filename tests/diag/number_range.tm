# run: tmc {}
# status: 1
x = 1e999

# expect
# number_range.tm:3:5: error: the number is larger than any double (about 1.8e308) [number_range]
#     3 | x = 1e999
#       |     ^~~~~
