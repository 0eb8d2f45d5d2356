# x + d with R d = Q' f + R'^-1 z: one step on the system of x and its residual
# (A. Bjorck, BIT 7, 1967).  A step that does not get smaller is not taken.
function x = lstsq_refine(R, x, z, qtf)
  g = R' \ z
  d = lstsq_back(R, qtf + g)
  x = x + select(norm(d) <= 0.5 * norm(x), d, 0)
end
