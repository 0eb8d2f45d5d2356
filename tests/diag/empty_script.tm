# run: tmc {}

# expect
