# run: tmc {}
# status: 1
for i in 0..3:
  print(i)
end
if 1 > 0:
  print(1)
end

# expect
# block_colon.tm:3:14: error: a block begins on the next line, without ":" [block_colon]
#     3 | for i in 0..3:
#       |              ^
# block_colon.tm:6:9: error: a block begins on the next line, without ":" [block_colon]
#     6 | if 1 > 0:
#       |         ^
