# run: tmc {}
# status: 1
# Octave's range.
for i in 1:10
  print(i)
end

# expect
# range_colon.tm:4:11: error: ranges are written 0..n (end excluded), not 1:n [range_colon]
#     4 | for i in 1:10
#       |           ^
