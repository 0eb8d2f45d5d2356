# run: tmrun {} -q
# run: tmrun -q {} -D n=9 -D x=1 -D on=true -D name=other
# run: tmc {} -D n=12 -o a.plan && tmrun -q a.plan && tmrun -q a.plan -D n=3 -D x=-1e-3
# Parameters are whole, real, true or false, or a text; one may use others.
param n = 4
param x = 0.5
param on = false
param name = "first"
param twice = 2 * n
print(n, x, on, name, twice, n / 2)
if on
  print("on")
end

# expect
# 4 0.5 false first 8 2
# 9 1 true other 18 4.5
# on
# 12 0.5 false first 24 6
# 3 -0.001 false first 6 1.5
