# run: : {}; { for k in $(seq 40); do echo "A$k = ones(2, 2)"; done; printf 'B = A1'; for k in $(seq 2 40); do printf " + A$k"; done; echo; echo 'print(sum(B))'; } >long.tm; tmrun -q long.tm
# An expression of many operands is computed in parts.

# expect
# 160
