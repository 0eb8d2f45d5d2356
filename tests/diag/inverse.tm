# run: tmc {}
# A warning, where an inverse is formed to be multiplied with.
A = spd(4)
b = ones(4, 1)
x = inv(A) * b
y = b' * inv(A + A)
X = inv(A) + A
write(x + y' + X, "x.npy")

# expect
# inverse.tm:5:5: warning: inv(A) * b is more work and less accurate than A \ b [inverse]
#     5 | x = inv(A) * b
#       |     ^~~~~~~~~~
# inverse.tm:6:5: warning: b * inv(A) is more work and less accurate than b / A [inverse]
#     6 | y = b' * inv(A + A)
#       |     ^~~~~~~~~~~~~~~
