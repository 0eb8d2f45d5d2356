# run: tmrun {} -q
# A script of nothing but comments does nothing.

# expect
