# A row or column in order, and where each entry stood.  In one tile.
function [s, p] = sort(v)
  assert(rows(v) == 1 || cols(v) == 1, "sort wants a row or a column, not", rows(v), "x", cols(v))
  m = max(rows(v), 1)
  n = max(cols(v), 1)
  X = retile(v, m, n)
  matrix S(rows(v), cols(v)) tile m, n
  matrix P(rows(v), cols(v)) tile m, n
  if numel(v) > 0
    [S[0,0], P[0,0]] = sort_tile(X[0,0])
  end
  s = retile(S, tile_rows(v), tile_cols(v))
  p = retile(P, tile_rows(v), tile_cols(v))
end
