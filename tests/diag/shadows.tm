# run: tmc {}
# A name that is a function of the library too.
chol = 3
print(chol)

# expect
# shadows.tm:3:1: warning: chol is a function of the library; from here on it is this name [shadows]
#     3 | chol = 3
#       | ^~~~
