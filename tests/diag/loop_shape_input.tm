# run: tmc --check {}
# status: 1
# The sizes of an input are known before anything runs.
n = 3
for i in 0..n
  n = 10
end
input B(n, n) is spd
print(sum(B))

# expect
# loop_shape_input.tm:8:9: error: the size of an input can't change in a loop [loop_shape]
#     8 | input B(n, n) is spd
#       |         ^
