# run: tmc {}
# status: 1
# An end that is not alone in its line.
for i in 0..3; print(i) end

# expect
# end_place.tm:4:25: error: "end" needs a new line or ";" before it [end_place]
#     4 | for i in 0..3; print(i) end
#       |                         ^~~
