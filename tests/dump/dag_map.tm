# run: tmc --emit=dag
# Entrywise work on one line is one map task; vectors go along rows, columns.
input A(m, n)
input r(1, n)
input c(m, 1)
B = max(2 * A - r, abs(A') .* 0.5 + c)
output B

# expect
# for j in 0..ceildiv(cols(A), tile_rows)  # dag_map.tm:6:5
#   for i in 0..ceildiv(rows(A), tile_rows)  # dag_map.tm:6:5
#     map =B#0[i,j] A#1[i,j] r#2[0,j]:row A#1[j,i]' c#3[i,0]:col r4=2 r5=0.5 r6=*(r4,r0) r6=-(r6,r1) r7=abs(r2) r7=*(r7,r5) r7=+(r7,r3) r7=max(r6,r7)  # dag_map.tm:6:5
# for j in 0..ceildiv(cols(A), tile_rows)  # dag_map.tm:7:8
#   for i in 0..ceildiv(rows(A), tile_rows)  # dag_map.tm:7:8
#     store B#0[i,j] : 0, i, j  # dag_map.tm:7:8
