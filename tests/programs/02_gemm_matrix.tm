# The same thing at matrix level; sizes come from the run, not the script.
input A(m, k)
input B(k, n)
input x(n, 1)
C = A * B
y = A * B * x                     # alone: A*(B*x); here C exists, so C*x is cheaper still
g = A' * (2*y - C*x)              # A' is a flag on the kernel, never formed
output C, g
