# run: tmc --check -Wno-unused {} && echo less
# run: tmc --check -Wno-all {} && echo none
# run: tmc --check -Wno-all -Wunused -Wno-error {} && echo one
# run: tmc --check -Wno-unused -Werror {}
# status: 1
# Warnings one by one, and as errors.
input A(n, n)
input b(n, 1)
sum = inv(A) * b
chol(A)
output sum

# expect
# warnings.tm:9:7: warning: inv(A) * b is more work and less accurate than A \ b [inverse]
#     9 | sum = inv(A) * b
#       |       ^~~~~~~~~~
# warnings.tm:9:1: warning: sum is a function of the library; from here on it is this name [shadows]
#     9 | sum = inv(A) * b
#       | ^~~
# less
# none
# warnings.tm:10:1: warning: the result of chol is not used [unused]
#    10 | chol(A)
#       | ^~~~~~~
# one
# warnings.tm:9:7: error: inv(A) * b is more work and less accurate than A \ b [inverse]
#     9 | sum = inv(A) * b
#       |       ^~~~~~~~~~
# warnings.tm:9:1: error: sum is a function of the library; from here on it is this name [shadows]
#     9 | sum = inv(A) * b
#       | ^~~
