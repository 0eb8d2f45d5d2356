# run: tmrun {} -q --threads 4
# Lines come in the order of the script, however long their numbers take.
param n = 300
tile 50
A = rand(n, n)
B = A * A * A
print("first", sum(B) > 0)
print("second", 2)
for i in 0..5
  print("turn", i, trace(i * eye(4)))
  A = A * 0.5
end
print("last")

# expect
# first 1
# second 2
# turn 0 0
# turn 1 4
# turn 2 8
# turn 3 12
# turn 4 16
# last
