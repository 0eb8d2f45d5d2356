# A, or A' where A has fewer rows than columns, in square tiles.
function B = svd_tall(A)
  b = tile_rows(A)
  F = retile(A, b, b)
  matrix B(max(rows(A), cols(A)), min(rows(A), cols(A))) tile b, b
  if rows(A) >= cols(A)
    for j in 0..tcols(B)
      for i in 0..trows(B)
        B[i,j] = F[i,j]
      end
    end
  else
    for j in 0..tcols(B)
      for i in 0..trows(B)
        B[i,j] = F[j,i]'
      end
    end
  end
end
