# run: : {}; { printf 'x = 1'; printf '%020000d' 0 | sed 's/0/+1/g'; echo; echo 'print(x)'; } >deep.tm; tmrun -q deep.tm 2>&1 | cut -c 1-100
# A long sum is deep as well.

# expect
# deep.tm:1:5: error: nested too deeply: more than 1000 levels [too_deep]
#     1 | x = 1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+
#       |     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
