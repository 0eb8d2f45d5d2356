# run: tmc --emit=dot
# For Graphviz: tasks are boxes, what inputs and sources start from is not.
param n = 2
tile 1
L = chol(spd(n))
output L

# expect
# digraph plan {
#   node [shape=box];
#   t1 [label="1 tril\nL[0,0]"];
#   "B[0,0]" -> t1;
#   t2 [label="2 tril\nL[1,1]"];
#   "B[1,1]" -> t2;
#   t3 [label="3 potrf\nL[0,0]"];
#   t1 -> t3;
#   t4 [label="4 trsm\nL[1,0]"];
#   "B[1,0]" -> t4;
#   t3 -> t4;
#   t5 [label="5 syrk\nL[1,1]"];
#   t2 -> t5;
#   t4 -> t5;
#   t6 [label="6 potrf\nL[1,1]"];
#   t5 -> t6;
#   t7 [label="7 store"];
#   t3 -> t7;
#   t8 [label="8 store"];
#   t4 -> t8;
#   t9 [label="9 store"];
#   "L[0,1]" -> t9;
#   t10 [label="10 store"];
#   t6 -> t10;
# }
