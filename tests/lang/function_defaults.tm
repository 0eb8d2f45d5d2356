# run: tmrun {} -q
# Defaults may use earlier parameters; arguments may be named, in any order.
function y = line(x, a = 2, b = 10 * a)
  y = a * x + b
end
print(line(1), line(1, 3), line(1, 3, 4), line(1, b = 1), line(1, b = 5, a = 7))
print(line(x = 2), line(b = 0, x = 4))

# expect
# 22 33 7 3 12
# 24 8
