# run: tmc {}
# status: 1
for i in 0..3; print(i) end

# expect
# end_place.tm:3:25: error: "end" needs a new line or ";" before it [end_place]
#     3 | for i in 0..3; print(i) end
#       |                         ^~~
