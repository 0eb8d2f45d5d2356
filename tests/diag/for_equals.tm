# run: tmc {}
# status: 1
for i = 0..3
  print(i)
end

# expect
# for_equals.tm:3:7: error: a loop is written for i in 0..n, not for i = 0..n [for_equals]
#     3 | for i = 0..3
#       |       ^
