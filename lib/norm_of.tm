# Norms of matrices, and of columns: norm(A, p).
function s = norm_of(A, p)
  if p == "fro"
    s = norm(A)
  else
    s = 0
    if numel(A) > 0
      if p == 1
        s = max(colsums(abs(A)))
      elseif p == inf
        s = max(rowsums(abs(A)))
      elseif p == 2
        if cols(A) == 1
          s = norm(A)
        else
          v = svd_values(A)
          s = v(0)
        end
      else
        assert(false, "norm has p = 1, 2, inf or \"fro\", not", p)
      end
    end
  end
end
