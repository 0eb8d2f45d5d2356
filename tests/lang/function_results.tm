# run: tmrun {} -q
# Several results; _ takes one that isn't wanted, and fewer may be taken.
function [s, d, p] = three(a, b)
  s = a + b
  d = a - b
  p = a * b
end
[s, d, p] = three(7, 2)
print(s, d, p)
[_, d] = three(1, 10)
print(s, d)
print(three(3, 4))
A = fill(2, 2, 3.0)
[S, D, P] = three(A, A)
print(max(S), max(D), max(P))

# expect
# 9 5 14
# 9 -9
# 7
# 6 0 18
