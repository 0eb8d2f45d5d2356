# run: tmc --emit=graph {} -Wno-all
# What holds of real numbers alone, of inputs that may be complex.
input X(m, n)
input S(n, n) is spd
d = rowsums(X * inv(S) .* X)
output d

# expect
# temp = (chol S)  # cols(X) x cols(X)
# temp = (\ temp (' X))  # cols(X) x rows(X)
# if complex(X)
#   temp = (rowsums (.* (' (\ (' temp) temp)) X))  # rows(X) x 1
# else
#   temp = (rowsums (.* (' temp) (' temp)))  # rows(X) x 1
# d = temp  # rows(X) x 1
# store d
