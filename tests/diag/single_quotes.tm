# run: tmc {}
# status: 1
# Octave's strings.
print('hello')

# expect
# single_quotes.tm:4:7: error: strings are written in double quotes; ' is the transpose [single_quotes]
#     4 | print('hello')
#       |       ^
