# run: tmc {}
# status: 1
print('hello')

# expect
# single_quotes.tm:3:7: error: strings are written in double quotes; ' is the transpose [single_quotes]
#     3 | print('hello')
#       |       ^
