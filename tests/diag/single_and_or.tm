# run: tmc {}
# status: 1
# & or | instead of && or ||.
x = 1
if x > 0 & x < 2 | x == 5
  print(x)
end

# expect
# single_and_or.tm:5:10: error: "and" is written &&, not & [single_and_or]
#     5 | if x > 0 & x < 2 | x == 5
#       |          ^
