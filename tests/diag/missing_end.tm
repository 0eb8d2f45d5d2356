# run: tmc {}
# status: 1
for i in 0..3
  if i > 1
    print(i)
  end

# expect
# missing_end.tm:3:1: error: "for" is not closed by "end" [missing_end]
#     3 | for i in 0..3
#       | ^~~
