# run: tmc {}
# status: 1
A = ones(2, 2)
B = A @ A

# expect
# at_product.tm:4:7: error: the matrix product is written *, not @ [at_product]
#     4 | B = A @ A
#       |       ^
