# Entry by entry.
input A(m, n)
input B(m, n)
input C(m, n)
input D(m, n)
E = A + 2 * B - C .* D
output E
