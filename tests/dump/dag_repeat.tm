# run: tmc --emit=dag
# A test on a computed number: the walk waits for it (fetch).
x = fill(3, 1, 8.0)
it = 0
repeat
  x = x / 2
  it += 1
until norm(x) < 1 || it >= 9
print("turns", it)
output x

# expect
# for i in 0..ceildiv(3, tile_rows)  # dag_repeat.tm:3:5
#   alias =x#0[i,0] x#1[i,0]  # dag_repeat.tm:3:5
# set it = 0  # dag_repeat.tm:5:1
# repeat  # dag_repeat.tm:5:1
#   for i in 0..ceildiv(3, tile_rows)  # dag_repeat.tm:6:7
#     map =x#2[i,0] x#0[i,0] r1=2 r2=/(r0,r1)  # dag_repeat.tm:6:7
#   release P#3  # lib/norm.tm:5:10 < 8:7
#   for j in 0..1  # lib/norm.tm:6:7 < 8:7
#     for i in 0..ceildiv(3, tile_rows)  # lib/norm.tm:7:9 < 8:7
#       norm =P#3[i + (j * ceildiv(3, tile_rows)),0] x#2[i,j]  # lib/norm.tm:8:25 < 8:7
#   for level in 0..ceil_log2(max(1, ceildiv(3, tile_rows)))  # lib/norm.tm:11:7 < 8:7
#     set h assigned = true  # lib/norm.tm:12:5 < 8:7
#     set h = 2 ^ level  # lib/norm.tm:12:5 < 8:7
#     for i in 0..ceildiv(3, tile_rows) - (2 ^ level) step (2 ^ level) * 2  # lib/norm.tm:13:9 < 8:7
#       map &P#3[i,0] P#3[(2 ^ level) + i,0] r2=hypot(r0,r1)  # lib/norm.tm:14:16 < 8:7
#   release s#4  # lib/norm.tm:17:10 < 8:7
#   alias =s#4[0,0] P#3[0,0]  # lib/norm.tm:18:3 < 8:7
#   map =temp#5[0,0] s#4[0,0] : if(9 <= (it + 1), 1, 0) r2=1 r3=<(r0,r2) r3=||(r3,r1)  # dag_repeat.tm:8:7
#   fetch test = temp#5[0,0]  # dag_repeat.tm:8:7
#   for i in 0..ceildiv(3, tile_rows)  # dag_repeat.tm:5:1
#     alias =x#0[i,0] x#2[i,0]  # dag_repeat.tm:5:1
#   set it = it + 1  # dag_repeat.tm:5:1
#   if test  # dag_repeat.tm:8:7
#     break 1  # dag_repeat.tm:8:7
# print : it "turns" " " it  # dag_repeat.tm:9:1
# for i in 0..ceildiv(3, tile_rows)  # dag_repeat.tm:10:8
#   store x#0[i,0] : 0, i, 0  # dag_repeat.tm:10:8
