# run: tmrun {} -q
# A product that is read twice in a loop and does not change in it.
tile 2
A = ones(3, 2)
B = ones(2, 3) * 2
s = 0
for i in 0..4
  s += sum((A * B)' * (A * B)) * i
end
print(s)
t = 0
for i in 0..2
  if i > 0
    t += sum(A * B)
    for j in 0..2
      t += sum((A * B)' * (A * B)) * j + sum(B * A) * i
    end
  end
end
print(t)

# expect
# 2592
# 516
