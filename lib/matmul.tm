# C = A * B.  One accumulating chain over k for each tile of C.
function C = matmul(A, B)
  matrix C(rows(A), cols(B)) tile tile_rows(A), tile_cols(B)
  for i in 0..trows(A)
    for j in 0..tcols(B)
      for k in 0..tcols(A)
        C[i,j] += A[i,k] * B[k,j]
      end
    end
  end
end
