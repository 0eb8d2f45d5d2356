# run: tmc {}
# status: 1
# Elements that are known not to be there.
A = ones(3, 4)
v = ones(5, 1)
print(A(3, 0), A(0, 4), A(-1, 0), v(5), A'(3, 3))

# expect
# element_outside.tm:6:7: error: A is 3 x 4 and has no row 3; the first is 0 [shapes]
#     6 | print(A(3, 0), A(0, 4), A(-1, 0), v(5), A'(3, 3))
#       |       ^~~~~~~
# element_outside.tm:6:7: note: rows count from 0: the last one is rows(A) - 1
# element_outside.tm:6:16: error: A is 3 x 4 and has no column 4; the first is 0 [shapes]
#     6 | print(A(3, 0), A(0, 4), A(-1, 0), v(5), A'(3, 3))
#       |                ^~~~~~~
# element_outside.tm:6:16: note: columns count from 0: the last one is cols(A) - 1
# element_outside.tm:6:25: error: A is 3 x 4 and has no row -1; the first is 0 [shapes]
#     6 | print(A(3, 0), A(0, 4), A(-1, 0), v(5), A'(3, 3))
#       |                         ^~~~~~~~
# element_outside.tm:6:25: note: from the end it is rows(A) - 1
# element_outside.tm:6:35: error: v is 5 x 1 and has no row 5; the first is 0 [shapes]
#     6 | print(A(3, 0), A(0, 4), A(-1, 0), v(5), A'(3, 3))
#       |                                   ^~~~
# element_outside.tm:6:35: note: rows count from 0: the last one is rows(v) - 1
# element_outside.tm:6:41: error: A' is 4 x 3 and has no column 3; the first is 0 [shapes]
#     6 | print(A(3, 0), A(0, 4), A(-1, 0), v(5), A'(3, 3))
#       |                                         ^~~~~~~~
# element_outside.tm:6:41: note: columns count from 0: the last one is cols(A') - 1
