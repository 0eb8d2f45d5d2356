# run: tmc {}
# status: 1
matrix C(3, 3)
print(sum(C))

# expect
# never_assigned.tm:4:11: error: C is read and nowhere assigned [never_assigned]
#     4 | print(sum(C))
#       |           ^
# never_assigned.tm:3:8: note: C is declared here; its tiles are zero until they are assigned
