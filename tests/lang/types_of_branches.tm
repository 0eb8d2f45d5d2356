# run: printf '1,2\n' >A.csv; tmrun {} -q A=A.csv; tmrun {} -q A=A.csv -D big=false
# A number and a computed number of another type meet behind an if.
param big = true
input A(m, n) is f32
if big
  s = 2.5
else
  s = sum(A)
end
x = 1
for k in 0..2
  x = x + max(A) - 1
end
print(s, x)

# expect
# 2.5 3
# 3 3
