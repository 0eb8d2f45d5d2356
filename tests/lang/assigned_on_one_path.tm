# run: tmrun {} -q -D n=7
# run: tmrun {} -q -D n=3
# status: 1
# A name that a branch assigns is there behind it if the branch was taken.
param n = 3
if n > 5
  B = ones(2, 2)
end
print(sum(B))

# expect
# 4
# assigned_on_one_path.tm:9:11: error: B is not assigned on the path that was taken
#     9 | print(sum(B))
#       |           ^
