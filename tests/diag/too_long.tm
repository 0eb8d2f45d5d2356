# run: : {}; { for k in $(seq 120); do printf 'function y = f%d(x)\n  y = f%d(x)\nend\n' $k $((k + 1)); done; echo 'y = f1(3)'; } >long.tm; tmc long.tm 2>&1 | head -3
# Functions that are expanded in functions in functions.

# expect
# long.tm:302:7: error: functions call each other too deeply [too_long]
#   302 |   y = f102(x)
#       |       ^~~~~~~
