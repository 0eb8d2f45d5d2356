# run: tmrun {} -q
# A function of the script replaces the library's for the script's own calls;
# the library goes on calling its own.
function s = sum(A)
  s = 1000 + trace(A)
end
A = ones(3, 3)
print(sum(A), norm(A), mean2(A))
function m = mean2(A)
  m = sum(A) / 2
end

# expect
# 1003 3 501.5
