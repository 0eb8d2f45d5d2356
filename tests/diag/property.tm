# run: tmc {}
# status: 1
# Properties that there are not.
input A(n, n) is spt
assume A is lower & positive
print(A is tall)
assume B is lower

# expect
# property.tm:4:18: error: spt is no property; there are symmetric lower upper spd psd diagonal orthogonal sparse f32 f64 c64 c128 [property]
#     4 | input A(n, n) is spt
#       |                  ^~~
# property.tm:5:21: error: positive is no property; there are symmetric lower upper spd psd diagonal orthogonal sparse f32 f64 c64 c128 [property]
#     5 | assume A is lower & positive
#       |                     ^~~~~~~~
# property.tm:6:12: error: tall is no property; there are symmetric lower upper spd psd diagonal orthogonal sparse f32 f64 c64 c128 [property]
#     6 | print(A is tall)
#       |            ^~~~
# property.tm:7:8: error: there is no matrix B [unknown_name]
#     7 | assume B is lower
#       |        ^
