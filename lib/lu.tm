# L U = the rows p of A, of any shape: L is unit lower, U upper.
function [L, U, p] = lu(A)
  [F, w] = lu_packed(A)
  b = tile_rows(A)
  m = rows(A)
  n = cols(A)
  q = min(m, n)
  E = retile(eye(m, q), b, b)
  matrix L(m, q) is lower tile b, b
  matrix U(q, n) is upper tile b, b
  for j in 0..tcols(L)
    L[j,j] = copy(L[j,j], F[j,j], 0, 0, 0, 0, min(b, m - j * b), min(b, q - j * b))
    L[j,j] = tril(L[j,j])
    L[j,j] = select(E[j,j], 1, L[j,j])
    for i in j+1..trows(L)
      L[i,j] = F[i,j]
    end
  end
  for i in 0..trows(U)
    U[i,i] = copy(U[i,i], F[i,i], 0, 0, 0, 0, min(b, q - i * b), min(b, n - i * b))
    U[i,i] = triu(U[i,i])
    for j in i+1..tcols(U)
      U[i,j] = F[i,j]
    end
  end
  # p: 0, 1, 2, ... with the same swaps
  s = min(m, b)
  N = retile(tril(ones(s, s)) * ones(s, 1) - 1, b, 1)
  matrix p(m, 1) tile b, 1
  t = trows(p)
  for i in 0..t
    p[i,0] = copy(p[i,0], N[0,0], 0, 0, 0, 0, min(b, m - i * b), 1)
    p[i,0] += i * b
  end
  for k in 0..trows(w)
    p[k..t,0] = laswp(p[k..t,0], w[k,0])
  end
end
