# run: tmc {}
# status: 1
größe = 3
print(größe)

# expect
# bad_name.tm:3:3: error: unexpected "ö": names are made of the letters a-z and A-Z, digits and _ [bad_name]
#     3 | größe = 3
#       |   ^~~
# bad_name.tm:4:9: error: unexpected "ö": names are made of the letters a-z and A-Z, digits and _ [bad_name]
#     4 | print(größe)
#       |         ^~~
