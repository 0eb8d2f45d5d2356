# run: tmrun {} -q
# Complex numbers: making and taking them apart, what is conjugated, what has
# the real type that belongs to them, and that numbers and real computed
# numbers scale them.
i = complex(0, 1)
A = [1, 2; 3, 4] + i * [0, 1; 0, 2]
print(A(0, 1), A'(1, 0), A.'(1, 0), conj(A)(1, 1))
print(real(A(1, 1)), imag(A(1, 1)), abs(3 + 4 * i), arg(i), angle(2 * i))
print(sum(A), trace(A), norm(A), dot(A, A), det(A))
print(abs(norm(A / norm(A)) - 1) < 1e-15, sum(2 * A), A(0, 0) == 1, A(0, 1) == 2)
B = A' * A
print(B(0, 1), B(1, 0), imag(B(1, 1)))
if A(0, 1) != 0
  print("not 0", i * i, sqrt(i * i), exp(i * pi) + 1 == 0)
end
print(real(-2), imag(-2), conj(3), arg(-1), arg(0.5))

# expect
# 2+1i 2-1i 2+1i 4-2i
# 4 2 5 1.5707963267948966 1.5707963267948966
# 10+3i 5+2i 5.916079783099616 35+0i -2-1i
# 1 20+6i 1 0
# 14+7i 14-7i 0
# not 0 -1+0i 0+1i 0
# -2 0 3 3.141592653589793 0
