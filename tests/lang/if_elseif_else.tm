# run: tmrun {} -q
# Exactly one branch of an if on bound numbers is taken.
param n = 3
function s = sized(n)
  if n < 2
    s = 10
  elseif n < 4
    s = 20
  elseif n < 6
    s = 30
  else
    s = 40
  end
end
for k in 0..8
  print(k, sized(k), sized(n))
end
if n > 5
  print("no")
end
if n == 3
  print("yes")
else
  print("no")
end

# expect
# 0 10 20
# 1 10 20
# 2 20 20
# 3 20 20
# 4 30 20
# 5 30 20
# 6 40 20
# 7 40 20
# yes
