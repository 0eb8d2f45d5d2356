# The singular values of A alone, descending: s = svd(A).
function s = svd_values(A)
  B = svd_tall(A)
  n = cols(B)
  e = max(n, 1)
  matrix K(n, n) tile e, e
  if rows(B) > n
    [_, R] = qr(B)
    T = retile(R, e, e)
    for k in 0..trows(K)
      K[k,k] = T[k,k]
    end
  else
    G = retile(B, e, e)
    for k in 0..trows(K)
      K[k,k] = G[k,k]
    end
  end
  matrix S(n, 1) tile e, 1
  for k in 0..trows(K)
    S[k,0] = gesdd_values(K[k,k])
  end
  s = retile(S, tile_rows(A), 1)
end
