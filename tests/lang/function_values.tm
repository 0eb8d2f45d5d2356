# run: tmrun {} -q
# Arguments are values: what a function does to its parameters stays there,
# and it sees no names of the script.
function y = change(A, k)
  k += 1
  A = 2 * A
  A[0,0] = A[0,0] + 1
  y = sum(A) + k
end
A = ones(2, 2)
k = 5
y = change(A, k)
print(y, sum(A), k)

# expect
# 18 4 5
