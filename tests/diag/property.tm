# run: tmc {}
# status: 1
input A(n, n) is spt
assume A is lower & positive
print(A is tall)

# expect
# property.tm:3:18: error: spt is no property; there are symmetric lower upper spd diagonal orthogonal sparse f32 f64 c64 c128 [property]
#     3 | input A(n, n) is spt
#       |                  ^~~
# property.tm:4:21: error: positive is no property; there are symmetric lower upper spd diagonal orthogonal sparse f32 f64 c64 c128 [property]
#     4 | assume A is lower & positive
#       |                     ^~~~~~~~
# property.tm:5:12: error: tall is no property; there are symmetric lower upper spd diagonal orthogonal sparse f32 f64 c64 c128 [property]
#     5 | print(A is tall)
#       |            ^~~~
