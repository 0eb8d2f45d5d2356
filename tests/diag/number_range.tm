# run: tmc {}
# status: 1
# A number does not fit a double.
x = 1e999

# expect
# number_range.tm:4:5: error: the number is larger than any double (about 1.8e308) [number_range]
#     4 | x = 1e999
#       |     ^~~~~
