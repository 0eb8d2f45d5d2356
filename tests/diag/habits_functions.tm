# run: tmc {}
# status: 1
# Functions and names by what they are called elsewhere.
A = ones(3, 3)
x = size(A)
disp(A)
y = transpose(A)
for i in range(3)
end
t = True
u = None
v = NaN
w = A(-1, 0)
z = A(:)
n = length(A)
c = argsort(A)
s = zeros(3)
f = floordiv(7, 2)
b = A[0]

# expect
# habits_functions.tm:5:5: error: there is no function size [unknown_function]
#     5 | x = size(A)
#       |     ^~~~
# habits_functions.tm:5:5: note: sizes are rows(A) and cols(A)
# habits_functions.tm:6:1: error: there is no function disp [unknown_function]
#     6 | disp(A)
#       | ^~~~
# habits_functions.tm:6:1: note: print(x) prints numbers and texts, write(A, "a.csv") a matrix
# habits_functions.tm:7:5: error: there is no function transpose [unknown_function]
#     7 | y = transpose(A)
#       |     ^~~~~~~~~
# habits_functions.tm:7:5: note: the transpose is written A'
# habits_functions.tm:8:10: error: there is no function range [unknown_function]
#     8 | for i in range(3)
#       |          ^~~~~
# habits_functions.tm:8:10: note: ranges are written 0..n (end excluded)
# habits_functions.tm:10:5: error: True is not assigned before it is used [unknown_name]
#    10 | t = True
#       |     ^~~~
# habits_functions.tm:10:5: note: it is written true
# habits_functions.tm:11:5: error: None is not assigned before it is used [unknown_name]
#    11 | u = None
#       |     ^~~~
# habits_functions.tm:11:5: note: every name has a value here; a result that isn't wanted goes to _
# habits_functions.tm:12:5: error: NaN is not assigned before it is used [unknown_name]
#    12 | v = NaN
#       |     ^~~
# habits_functions.tm:12:5: note: it is written nan
# habits_functions.tm:13:5: error: A is 3 x 3 and has no row -1; the first is 0 [shapes]
#    13 | w = A(-1, 0)
#       |     ^~~~~~~~
# habits_functions.tm:13:5: note: from the end it is rows(A) - 1
# habits_functions.tm:14:5: error: one index is for row and column vectors; A is 3 x 3 [argument]
#    14 | z = A(:)
#       |     ^~~~
# habits_functions.tm:14:5: note: all entries in a column are reshape(A, numel(A), 1)
# habits_functions.tm:15:5: error: there is no function length [unknown_function]
#    15 | n = length(A)
#       |     ^~~~~~
# habits_functions.tm:15:5: note: the number of entries is numel(A), of rows rows(A)
# habits_functions.tm:16:5: error: there is no function argsort [unknown_function]
#    16 | c = argsort(A)
#       |     ^~~~~~~
# habits_functions.tm:16:5: note: write [s, p] = sort(v)
# habits_functions.tm:17:5: error: zeros takes 2 arguments, not 1 [argument]
#    17 | s = zeros(3)
#       |     ^~~~~~~~
# habits_functions.tm:17:5: note: write zeros(n, n)
# habits_functions.tm:18:5: error: there is no function floordiv [unknown_function]
#    18 | f = floordiv(7, 2)
#       |     ^~~~~~~~
# habits_functions.tm:18:5: note: write floor(a / b)
# habits_functions.tm:19:5: error: a tile has two indices, row and column: A[i,j] [tile_index]
#    19 | b = A[0]
#       |     ^~~~
# habits_functions.tm:19:5: note: an entry of a row or column is written A(i)
