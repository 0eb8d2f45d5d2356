# run: tmrun {} -q --threads 4; tmrun {} -q --threads 1
# status: 1
# Of several failures the one of the lowest task is reported, with all lines
# above it and none below.
tile 16
A = rand(200, 200)
print("one", rows(A))
assert(sum(A * A) < 0, "the first of two")
print("two")
assert(sum(A) < 0, "the second of two")

# expect
# one 200
# run_lowest_failure.tm:8:8: error: the first of two
#     8 | assert(sum(A * A) < 0, "the first of two")
#       |        ^~~~~~~~~~~~~~
# one 200
# run_lowest_failure.tm:8:8: error: the first of two
#     8 | assert(sum(A * A) < 0, "the first of two")
#       |        ^~~~~~~~~~~~~~
