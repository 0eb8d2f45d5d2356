# run: tmrun {} -q
# A name that becomes its own transpose in each turn.
tile 2
A = rand(7, 7, seed=1)
B = A
C = A
for i in 0..3
  B = B'
  D = C'
  C = D
end
print(norm(B - A'), norm(C - A'), norm(A' - A) > 0.1)

# expect
# 0 0 1
