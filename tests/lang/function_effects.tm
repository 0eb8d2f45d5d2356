# run: tmrun {} -q
# A function without results is called for its effects; functions call others
# that come later.
function show(name, A)
  print(name, "has sum", total(A))
end
function s = total(A)
  s = sum(A)
end
show("ones", ones(3, 5))
show(A = 2 * ones(1, 2), name = "twos")

# expect
# ones has sum 15
# twos has sum 4
