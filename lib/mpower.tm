# A ^ k of a square matrix by repeated squaring; of its inverse for k < 0.
# A ^ 0 has the type of A.
function P = mpower(A, k)
  n = abs(k)
  if k < 0
    B = inv(A)
  else
    B = A
  end
  if k == 0
    P = select(true, eye(rows(A)), A)
  else
    P = B
    bits = floor(log2(max(n, 1)))
    for l in 0..bits
      P = P * P
      if mod(floor(n / 2^(bits - 1 - l)), 2) == 1
        P = P * B
      end
    end
  end
end
