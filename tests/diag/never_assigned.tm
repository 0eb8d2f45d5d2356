# run: tmc {}
# status: 1
# A matrix is read and nowhere assigned.
matrix C(3, 3)
print(sum(C))

# expect
# never_assigned.tm:5:11: error: C is read and nowhere assigned [never_assigned]
#     5 | print(sum(C))
#       |           ^
# never_assigned.tm:4:8: note: C is declared here; its tiles are zero until they are assigned
