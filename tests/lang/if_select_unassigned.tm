# run: tmrun {} -q
# status: 1
# What one side alone assigns, on a test on data: the run says so.
A = ones(2, 2)
param n = 3
for i in 0..n
  if sum(A) < i
    W = A
    v = 2 * A
  end
  if sum(A) < i + 3
    V = i * A
  end
end
print(sum(V))
print(sum(W))

# expect
# 8
# if_select_unassigned.tm:16:11: error: W is not assigned on the path that was taken
#    16 | print(sum(W))
#       |           ^
