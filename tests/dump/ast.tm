# run: tmc --emit=ast
# Operators are calls: the quote binds tighter than any infix operator, powers
# than products, comparisons than &&.
param n = 8
input A(m, n) is f32
y = -A' * B ^ 2 + 3 * 4
for i in 0..trows(A) step 2
  if i == 1 && !done
    C[i,0] += A[i,0]
  end
end
function [q, r] = divide(a, b = 2)
  q = floor(a / b)
  r = a - b * q
end
assert(n > 2, "small")
output y

# expect
# param n = 8
# input A(m n) is f32
# y = (+ (* (- (' A)) (^ B 2)) (* 3 4))
# for i in (.. 0 (trows A)) step 2
#   if (&& (== i 1) (! done))
#     ([] C i 0) += ([] A i 0)
# function [q r] = divide (a) (b = 2)
#   q = (floor (/ a b))
#   r = (- a (* b q))
# (assert (> n 2) "small")
# output y
