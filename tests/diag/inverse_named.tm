# run: tmc --check
# An inverse with a name that serves for one product of matrices.
A = spd(5)
b = ones(5, 1)
X = inv(A)
x = X * b
Y = inv(A)
y = b' * Y
Z = inv(A)
z = 2 * Z
W = inv(A)
for i in 0..3
  b = W * b
end
V = inv(A)
v = V * b + V * x
q = 2 * inv(A)
U = inv(A)
print(sum(x), sum(y), sum(z), sum(b), sum(v), sum(q))

# expect
# inverse_named.tm:6:5: warning: X * b is more work and less accurate than A \ b [inverse]
#     6 | x = X * b
#       |     ^~~~~
# inverse_named.tm:5:1: note: X is an inverse, and used nowhere else
# inverse_named.tm:8:5: warning: b * Y is more work and less accurate than b / A [inverse]
#     8 | y = b' * Y
#       |     ^~~~~~
# inverse_named.tm:7:1: note: Y is an inverse, and used nowhere else
# inverse_named.tm:18:1: warning: U is assigned and nowhere used [unused]
#    18 | U = inv(A)
#       | ^
