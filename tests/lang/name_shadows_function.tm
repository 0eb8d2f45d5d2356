# run: tmrun {}
# A name of the script that is a function of the library: a warning, and then
# elements of the matrix.
sum = ones(2, 3)
print(sum(1, 2))

# expect
# name_shadows_function.tm:4:1: warning: sum is a function of the library; from here on it is this name [shadows]
#     4 | sum = ones(2, 3)
#       | ^~~
# 1
