# run: tmc {}
# status: 1
# Arguments by a name that the function does not know.
A = rand(2, 2, sed=3)
B = ones(2, 2, type=f16)
C = sum(ones(2, 2), axis=0)
function y = f(x, scale = 2)
  y = x * scale
end
D = f(3, scal=4)

# expect
# argument_name.tm:4:16: error: rand takes no argument sed [argument]
#     4 | A = rand(2, 2, sed=3)
#       |                ^~~~~
# argument_name.tm:4:16: note: did you mean seed?
# argument_name.tm:5:21: error: type is one of f32 f64 c64 c128 [argument]
#     5 | B = ones(2, 2, type=f16)
#       |                     ^~~
# argument_name.tm:6:21: error: sum takes no argument axis [argument]
#     6 | C = sum(ones(2, 2), axis=0)
#       |                     ^~~~~~
# argument_name.tm:10:5: error: f has no parameter scal [argument]
#    10 | D = f(3, scal=4)
#       |     ^~~~~~~~~~~~
