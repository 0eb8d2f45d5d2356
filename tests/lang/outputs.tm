# run: printf '1,2\n3,4\n' >A.csv && tmrun {} -q A=A.csv B=B.csv s=s.csv && cat B.csv s.csv
# run: tmrun -q {} A=A.csv && ls
# An output is what the name is at the end of the script; unbound it goes to
# NAME.npy.
input A(m, n)
B = A
output B, s
s = sum(B)
B = 2 * B + n

# expect
# 4,6
# 8,10
# 10
# A.csv
# B.csv
# B.npy
# outputs.tm
# s.csv
# s.npy
