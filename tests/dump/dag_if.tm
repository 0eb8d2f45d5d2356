# run: tmc --emit=dag
# Tests on bound numbers stay in the plan, with their else.
param n = 6
A = eye(n)
if n > 5
  if n > 7
    print("more than 7")
  end
elseif n > 3
  print("4 or 5")
else
  print("few", n)
end
output A

# expect
# if 5 < n  # dag_if.tm:5:4
#   if 7 < n  # dag_if.tm:6:6
#     print "more than 7"  # dag_if.tm:7:5
# else  # dag_if.tm:5:4
#   if 3 < n  # dag_if.tm:9:8
#     print "4 or 5"  # dag_if.tm:10:3
#   else  # dag_if.tm:9:8
#     print : n "few" " " n  # dag_if.tm:12:3
# for j in 0..ceildiv(n, tile_rows)  # dag_if.tm:14:8
#   for i in 0..ceildiv(n, tile_rows)  # dag_if.tm:14:8
#     store A#0[i,j] : 0, i, j  # dag_if.tm:14:8
