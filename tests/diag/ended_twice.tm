# run: tmc {}
# status: 1
# One end too many.
for i in 0..3
  if i > 1
    print(i)
  end
end
end

# expect
# ended_twice.tm:9:1: error: "end" closes no block [extra_end]
#     9 | end
#       | ^~~
