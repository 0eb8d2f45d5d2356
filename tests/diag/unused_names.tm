# run: tmc {} -o x.plan
# Names that are assigned and never read, in the script and in functions.
function [a, b] = f(x)
  a = x
  b = 2 * x
  c = 3 * x
end
A = ones(3, 3)
B = A + 1
[y, z] = f(A)
n = 0
n += 1
[_, u] = f(A)
matrix C(3, 3)
C[0,0] = A[0,0]
for i in 0..3
  last = i
end
output z

# expect
# unused_names.tm:9:1: warning: B is assigned and never read [unused]
#     9 | B = A + 1
#       | ^
# unused_names.tm:10:2: warning: y is assigned and never read [unused]
#    10 | [y, z] = f(A)
#       |  ^
# unused_names.tm:11:1: warning: n is assigned and never read [unused]
#    11 | n = 0
#       | ^
# unused_names.tm:13:5: warning: u is assigned and never read [unused]
#    13 | [_, u] = f(A)
#       |     ^
# unused_names.tm:17:3: warning: last is assigned and never read [unused]
#    17 |   last = i
#       |   ^~~~
# unused_names.tm:6:3: warning: c is assigned and never read [unused]
#     6 |   c = 3 * x
#       |   ^
