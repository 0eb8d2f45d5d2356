# Q * Z of the reflections of hetrd or gebrd in one tile, and a real Z; the
# result is of Q's type, in strips of columns.
function Y = unmtr_strips(Q, Z)
  e = rows(Z)
  F = retile(Z, e, 128)
  matrix Y(e, cols(Z)) tile e, 128
  for j in 0..tcols(Y)
    Y[0,j] = unmtr(Q[0,0], F[0,j])
  end
end
