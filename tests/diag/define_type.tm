# run: tmc {} -D n=2.5 -D on=3
# status: 1
# -D of tmc gives a parameter a value of another kind.
param n = 3
param on = true
print(n, on)

# expect
# define_type.tm:4:1: error: n is a whole number, and -D n=2.5 is not [argument]
#     4 | param n = 3
#       | ^~~~~~~~~~~
# define_type.tm:5:1: error: on is true or false, and -D on=3 is not [argument]
#     5 | param on = true
#       | ^~~~~~~~~~~~~~~
