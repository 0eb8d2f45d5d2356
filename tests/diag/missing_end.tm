# run: tmc {}
# status: 1
# A block has no end.
for i in 0..3
  if i > 1
    print(i)
  end

# expect
# missing_end.tm:4:1: error: "for" is not closed by "end" [missing_end]
#     4 | for i in 0..3
#       | ^~~
