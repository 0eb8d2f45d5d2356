# run: tmc --check {} -Wno-shadows
# Names that are assigned and nowhere read: whole, by tiles, by slices, as one
# result of several, in a loop, in a function.
function [a, b] = f(x)
  a = x
  b = x
  c = a + b
end
tile 2
A = rand(4, 4)
[Q, R] = qr(A)
[_, S] = qr(A)
B = A + 1
matrix C(4, 4)
C[0,0] = A[0,0]
D = A
D(0, :) = ones(1, 4)
for i in 0..3
  t = i
  u = i
  u += 1
end
[x, y] = f(3)
print(sum(S), x)
_later = 3
s = "text"
range = 3
print(s, range)
output A

# expect
# unused_names.tm:11:2: warning: Q is assigned and nowhere used [unused]
#    11 | [Q, R] = qr(A)
#       |  ^
# unused_names.tm:11:2: note: _ stands for a result that is not wanted
# unused_names.tm:11:5: warning: R is assigned and nowhere used [unused]
#    11 | [Q, R] = qr(A)
#       |     ^
# unused_names.tm:11:5: note: _ stands for a result that is not wanted
# unused_names.tm:13:1: warning: B is assigned and nowhere used [unused]
#    13 | B = A + 1
#       | ^
# unused_names.tm:15:1: warning: C is assigned and nowhere used [unused]
#    15 | C[0,0] = A[0,0]
#       | ^
# unused_names.tm:16:1: warning: D is assigned and nowhere used [unused]
#    16 | D = A
#       | ^
# unused_names.tm:19:3: warning: t is assigned and nowhere used [unused]
#    19 |   t = i
#       |   ^
# unused_names.tm:20:3: warning: u is assigned and nowhere used [unused]
#    20 |   u = i
#       |   ^
# unused_names.tm:23:5: warning: y is assigned and nowhere used [unused]
#    23 | [x, y] = f(3)
#       |     ^
# unused_names.tm:23:5: note: _ stands for a result that is not wanted
# unused_names.tm:7:3: warning: c is assigned and nowhere used [unused]
#     7 |   c = a + b
#       |   ^
