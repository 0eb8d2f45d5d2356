# run: tmrun {} -q
# f32(A) and the others convert, whatever comes before and behind; to f32 after
# a sum is not the sum of two f32.
A = fill(1, 1, 1, type=f64) / 3
B = fill(1, 1, 1, type=f64) / 7
print(f32(A + B)(0, 0), (f32(A) + f32(B))(0, 0), f64(f32(A)) == A)
print(c64(A)(0, 0), c128(f32(B))(0, 0), f32(real(c128(A)))(0, 0))
C = c128(ones(2, 2)) * complex(1, 2)
matrix D(2, 2) is c128
D[0,0] = C[0,0] + C[0,0]'
D[0,0] *= 0.5
print(sum(D), f32(2.5), norm(c64(C)))

# expect
# 0.47619048 0.4761905 0
# 0.33333334+0i 0.1428571492433548+0i 0.33333334
# 4+0i 2.5 4.472136
