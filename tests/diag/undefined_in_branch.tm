# run: tmc {}
# status: 1
# A text that only a branch assigns.
param n = 3
if n > 2
  s = "big"
end
print(s)

# expect
# undefined_in_branch.tm:8:7: error: s is assigned only inside a loop or branch [unassigned]
#     8 | print(s)
#       |       ^
# undefined_in_branch.tm:6:3: note: assigned here
