# run: tmc {}
# status: 1
# Python's matrix product.
A = ones(2, 2)
B = A @ A

# expect
# at_product.tm:5:7: error: the matrix product is written *, not @ [at_product]
#     5 | B = A @ A
#       |       ^
