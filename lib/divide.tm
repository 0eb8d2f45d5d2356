# X = B / A: X A = B, that is A' X' = B'.
function X = divide(B, A)
  Y = A' \ B'
  X = Y'
end
