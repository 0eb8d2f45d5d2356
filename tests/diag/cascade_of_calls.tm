# run: tmc {}
# status: 1
# A mistake in a function shows the way to it.
function y = outer(A)
  y = inner(A, A)
end
function y = inner(A, B)
  y = A * B
end
print(sum(outer(ones(2, 3))))

# expect
# cascade_of_calls.tm:8:7: error: cannot multiply A (2 x 3) by B (2 x 3): inner sizes 3 and 2 differ [inner_size]
#     8 |   y = A * B
#       |       ^~~~~
# cascade_of_calls.tm:5:7: note: called from here
# cascade_of_calls.tm:10:11: note: called from here
