# run: tmc --emit=tasks
# The else belongs to the outer if: nothing is printed.  The tile that C has
# from A is stored where C has it.
param n = 6
tile 2
if n > 5
  if n > 7
    print("more than 7")
  end
else
  print("few")
end
A = rand(3, 3)
matrix C(3, 3)
C[0,0] = A[0,0]
C[1,0] = A[1,0]
C[1,1] = A[1,1]
output C

# expect
# 1: store(A[0,0], 0, 0, 0)  # line 18
# 2: store(A[1,0], 0, 1, 0)  # line 18
# 3: store(C[0,1], 0, 0, 1)  # line 18
# 4: store(A[1,1], 0, 1, 1)  # line 18
