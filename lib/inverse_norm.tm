# norm(inv(A), 1); from 257 rows on a lower bound, seldom far below it: of
# columns of the inverse the largest norm, found along a subgradient (W. Hager, SIAM J. Sci.
# Stat. Comput. 5, 1984; N. Higham, ACM Trans. Math. Softw. 14, 1988).  Row
# swaps only permute the inverse's columns.
function g = inverse_norm(A)
  assert(rows(A) == cols(A), "cond(A, 1) wants a square matrix, not", rows(A), "x", cols(A))
  [L, U] = lu(A)
  n = rows(A)
  if min(abs(diag(U))) == 0
    g = inf
  elseif n <= 256
    g = norm_of(U \ (L \ eye(n)), 1)
  else
    v = U \ (L \ fill(n, 1, 1 / max(n, 1)))
    g = sum(abs(v))
    for turn in 0..4
      w = v / max(abs(v))
      d = sqrt(w .* conj(w))
      z = L' \ (U' \ select(abs(d) > 0, w ./ d, 1))
      e = select(onehot(argmax_cols(abs(z)), n)' == 1, ones(n, 1), 0)
      v = U \ (L \ e)
      g = max(g, sum(abs(v)))
    end
    i = cumsum(ones(n, 1)) - 1
    r = 1 + (cumsum(ones(n, 1)) - 1) / max(n - 1, 1)
    v = U \ (L \ select(mod(i, 2) == 1, -r, r))
    g = max(g, 2 / 3 * sum(abs(v)) / n)
  end
end
