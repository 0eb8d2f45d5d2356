# run: tmc --emit=graph {} | grep -c fetch
# run: tmrun {} -q --tile 2
# run: tmrun {} -q --tile 7 --threads 2
# An if on data whose branches only give names other values stops nothing.
A = [1, 2, 3; 4, 5, 6]
s = sum(A)
if s > 20
  B = A
  k = s
else
  B = -A
  k = -s
end
print(sum(B), k)
x = s
y = 1 - s
if x > y
  t = x
  x = y
  y = t
end
print(x, y)

# several tests, one in the other
if s < 0
  c = s
elseif s == 21
  c = s / 3
  if x > 0
    c = x
  end
else
  c = 1
end
print(c)

# nothing to choose
if s > 20
  C = A
else
  C = A
end
print(sum(C - A))

# in loops: what is best so far, and what was last
param n = 6
best = inf
for i in 0..n
  e = A(:, mod(i, 3))
  d = abs(sum(e) - 7 - i / 4)
  if d < best
    best = d
    at = d + i
    W = e
  end
  if d > 2
    last = d
    last += 1
  end
end
print(best, at, sum(W), last)

# used in the turn that follows
r = zeros(2, 3)
f = s
for i in 0..n
  if sum(r) < 100
    r = r + i * A
    f = f / 2
  end
end
print(sum(r), f)

# the flag in a function, in a loop
function v = first(s, x)
  if s > x
    v = s * x
  else
    v = -1 * s
  end
end
q = 0
for i in 0..3
  q += first(s / 21, i / 2)
end
print(q)
repeat
  if q < 10
    q = q + s
  end
until q > 10
print(q)

# expect
# 1
# 21 21
# -20 21
# 7
# 0
# 0.25 1.25 7 3.75
# 126 1.3125
# -0.5
# 20.5
# 21 21
# -20 21
# 7
# 0
# 0.25 1.25 7 3.75
# 126 1.3125
# -0.5
# 20.5
