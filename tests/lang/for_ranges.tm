# run: tmrun {} -q
# A range ends before its end, and may be empty.
param n = 3
for i in 0..n
  print("a", i)
end
for i in 1..n + 4 step 2
  print("b", i)
end
for i in n..0
  print("never")
end
for i in -2..1 step n
  print("c", i)
end
for i in n..n
  print("never")
end

# expect
# a 0
# a 1
# a 2
# b 1
# b 3
# b 5
# c -2
