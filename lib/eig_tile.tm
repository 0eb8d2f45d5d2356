# A symmetric A in one tile.  Of what the compiler does not know to be
# symmetric the two halves are compared.
function K = eig_tile(A)
  assert(rows(A) == cols(A), "eig wants a square matrix, not", rows(A), "x", cols(A))
  e = max(rows(A), 1)
  if !(A is symmetric || A is spd) && rows(A) > 0
    d = max(abs(A - A'))
    assert(!(d > 64 * rows(A) * roundoff() * max(abs(A))), "eig is of symmetric matrices, and this one differs from its transpose by", d)
  end
  K = retile(A, e, e)
end
