# run: tmrun {} -q --tile 2
# run: tmrun {} -q --tile 9
# Loops of a few turns: sizes that change, entries of matrices in brackets.
w = [0.5, 2, -1; 3, 4, 5]
s = 0
for i in 0..cols(w)
  if w(0, i) > 0
    s += w(0, i) * i + w(1, cols(w) - 1 - i)
  end
  last = w(0, i)
end
print(s, last)
A = rand(6, 6)
d = 0
for i in 0..6
  for j in i..6 step 2
    d += sum(A(i..j+1, 0..i))
  end
end
e = 0
param n = 6
for i in 0..n
  for j in i..n step 2
    for k in i..j + 1
      for l in 0..i
        e += A(k, l)
      end
    end
  end
end
print(abs(d - e) < 1e-12)
B = ones(2, 2)
for i in 0..3
  B = [B, ones(rows(B), 1); i * ones(1, cols(B) + 1)]
end
print(rows(B), cols(B), sum(B))
# a source is one call: the same numbers in each turn, and others behind
function x = turns(m)
  x = 0
  for i in 1..4
    R = rand(1, 3, seed=5)
    x += sum(R(0..i))
  end
end
R = rand(2, 2)
for i in 0..2
  S = rand(3, i + 1)
end
T = rand(2, 2)
print(turns(2) > 0, sum(R) == sum(T), cols(S))
for i in 0..70
  x = i
end
print(x)

# expect
# 11 -1
# 1
# 5 5 27
# 1 0 2
# 69
# 11 -1
# 1
# 5 5 27
# 1 0 2
# 69
