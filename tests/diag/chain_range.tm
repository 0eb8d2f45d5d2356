# run: tmc {}
# status: 1
# A..b..c instead of a step.
for i in 0..2..10
  print(i)
end

# expect
# chain_range.tm:4:14: error: unexpected "..": a range has two ends [chain_range]
#     4 | for i in 0..2..10
#       |              ^~
# chain_range.tm:4:14: note: a step is written a..b step s, in a "for"
