# eps of the element type that it meets: the error of 3 * (4/3 - 1) in that
# type.
function u = roundoff()
  i = ones(1, 1)
  u = abs(3 * (4 * i / 3 - i) - i)
end
