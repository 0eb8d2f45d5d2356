# run: tmrun {} -q
# Lines go on after an operator, inside brackets and after ...; ; ends one.
a = 1 +
    2; b = 3    # a comment
c = max(a,
        b + 1)
d = a ...
    + b
A = [1, 2   # one row
     ; 3, 4]
print(a, b, c, d, A(1, 0));

# expect
# 3 3 4 6 3
