# run: tmc {}
# status: 1
# Octave's for.
for i = 0..3
  print(i)
end

# expect
# for_equals.tm:4:7: error: a loop is written for i in 0..n, not for i = 0..n [for_equals]
#     4 | for i = 0..3
#       |       ^
