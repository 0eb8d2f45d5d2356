# run: tmrun {} -q
# A loop's counter hides a name of the script and ends with the loop; its end
# is computed once.
i = 100
n = 3
for i in 0..n
  n = 10
  print(i)
end
print(i, n)

# expect
# 0
# 1
# 2
# 100 10
