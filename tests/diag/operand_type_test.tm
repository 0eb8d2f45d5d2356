# run: tmc {}
# status: 1
# Tests and ranges of the wrong kind.
A = ones(2, 2)
for i in 3
end
if 3
end
while A
end
assert(A)
assert("true")
for i in 0..A
end
for i in 0..0.5
end
C = ones(sum(A), 2)

# expect
# operand_type_test.tm:5:10: error: for goes over a range: 0..n, its end excluded [operand_type]
#     5 | for i in 3
#       |          ^
# operand_type_test.tm:7:4: error: a test is true or false, as of a comparison [operand_type]
#     7 | if 3
#       |    ^
# operand_type_test.tm:9:7: error: a test is true or false, as of a comparison [operand_type]
#     9 | while A
#       |       ^
# operand_type_test.tm:11:8: error: a test is true or false, as of a comparison [operand_type]
#    11 | assert(A)
#       |        ^
# operand_type_test.tm:12:8: error: a test is true or false, as of a comparison [operand_type]
#    12 | assert("true")
#       |        ^~~~~~
# operand_type_test.tm:13:13: error: a whole number is wanted here, not a matrix [operand_type]
#    13 | for i in 0..A
#       |             ^
# operand_type_test.tm:15:13: error: a whole number is wanted here [operand_type]
#    15 | for i in 0..0.5
#       |             ^~~
# operand_type_test.tm:17:10: error: a whole number is wanted here that is known without data [operand_type]
#    17 | C = ones(sum(A), 2)
#       |          ^~~~~~
# operand_type_test.tm:17:10: note: sizes are known before the first task runs: take the largest that can be, or make it a param
