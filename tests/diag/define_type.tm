# run: tmc {} -D n=2.5 -D on=3
# status: 1
param n = 3
param on = true
print(n, on)

# expect
# define_type.tm:3:1: error: parameter n can't be '2.5', as -D n=2.5 says [argument]
#     3 | param n = 3
#       | ^~~~~~~~~~~
# define_type.tm:4:1: error: parameter on can't be '3', as -D on=3 says [argument]
#     4 | param on = true
#       | ^~~~~~~~~~~~~~~
# define_type.tm:5:7: error: n is not assigned before it is used [unknown_name]
#     5 | print(n, on)
#       |       ^
