# run: tmc {}
# status: 1
# Names are of ASCII letters.
größe = 3
print(größe)

# expect
# bad_name.tm:4:3: error: unexpected "ö": names are made of the letters a-z and A-Z, digits and _ [bad_name]
#     4 | größe = 3
#       |   ^~~
# bad_name.tm:5:9: error: unexpected "ö": names are made of the letters a-z and A-Z, digits and _ [bad_name]
#     5 | print(größe)
#       |         ^~~
