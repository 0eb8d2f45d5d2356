# run: tmc {}
# status: 1
# Python's colon before a block.
for i in 0..3:
  print(i)
end
if 1 > 0:
  print(1)
end

# expect
# block_colon.tm:4:14: error: a block begins on the next line, without ":" [block_colon]
#     4 | for i in 0..3:
#       |              ^
# block_colon.tm:7:9: error: a block begins on the next line, without ":" [block_colon]
#     7 | if 1 > 0:
#       |         ^
