# run: tmc --emit=tokens
# Every kind of token with its text and place; a comment is none.
param n = 8  # rows
C[i,j] += 2.5e-3 * A[i,k]' .* "text"

# expect
# 3:1 WORD param
# 3:7 NAME n
# 3:9 SIGN =
# 3:11 NUMBER 8
# 3:20 SEP \n
# 4:1 NAME C
# 4:2 SIGN [
# 4:3 NAME i
# 4:4 SIGN ,
# 4:5 NAME j
# 4:6 SIGN ]
# 4:8 SIGN +=
# 4:11 NUMBER 2.5e-3
# 4:18 SIGN *
# 4:20 NAME A
# 4:21 SIGN [
# 4:22 NAME i
# 4:23 SIGN ,
# 4:24 NAME k
# 4:25 SIGN ]
# 4:26 SIGN '
# 4:28 SIGN .*
# 4:31 STRING "text"
# 4:37 SEP \n
