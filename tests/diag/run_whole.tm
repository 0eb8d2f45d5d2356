# run: tmrun {} -q
# status: 1
# A number from data that must be whole, and is not.
A = rand(4, 4) / 4
for i in 0..A(0, 0)
  print(i)
end

# expect
# run_whole.tm:5:13: error: A(0, 0) is 0.0997616, where a whole number is needed
#     5 | for i in 0..A(0, 0)
#       |             ^~~~~~~
