# run: : {}; yes '' | head -c 269484032 >large.tm; tmc large.tm
# status: 1
# A script beyond 256 MiB is not read.

# expect
# large.tm:1:1: error: the script has 269484032 bytes; 268435456 are the most [too_large]
#     1 | 
#       | ^
