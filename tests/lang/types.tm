# run: tmrun {} -q
# f32 has a coarser last digit; a source without a type takes the type of what
# it meets, and f64 where it meets none.
A = ones(2, 2, type=f32)
B = ones(2, 2)
C = ones(2, 2)
D = C - A
print(A(0, 0) + 1e-9 == A(0, 0), B(0, 0) + 1e-9 == B(0, 0), C(0, 0) + 1e-9 == C(0, 0), norm(D))

# expect
# 1 0 1 0
