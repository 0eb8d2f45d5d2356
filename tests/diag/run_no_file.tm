# run: tmrun {} A=missing.npy; echo $?; printf 'x' >bad.npy; tmrun {} A=bad.npy
# status: 3
# A file that is missing, and one that is no matrix.
input A(m, n)
print(sum(A))

# expect
# tmrun: error: cannot read missing.npy: No such file or directory
# 6
# tmrun: error: bad.npy is not a .npy file: it does not start with \x93NUMPY
