# A column of n numbers from a to b, at equal distances.
function x = linspace(a, b, n)
  t = (cumsum(ones(n, 1)) - 1) / max(n - 1, 1)
  x = a * (1 - t) + b * t
end
