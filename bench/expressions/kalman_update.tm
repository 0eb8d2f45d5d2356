# The update of a Kalman filter, as it stands in books.
input P(n, n) is spd
input H(k, n)
input R(k, k) is spd
input x(n, 1)
input z(k, 1)
K = P * H' * inv(H * P * H' + R)
x1 = x + K * (z - H * x)
P1 = P - K * H * P
output x1, P1
