# run: tmc {}
# status: 1
# A < b < c.
x = 1
if 0 < x < 2
  print(x)
end

# expect
# chain_compare.tm:5:10: error: unexpected "<": comparisons cannot be chained [chain_compare]
#     5 | if 0 < x < 2
#       |          ^
# chain_compare.tm:5:10: note: write a < b && b < c for a < b < c
