# For tests of runs that are waited for, or killed: ". $srcdir/tests/shell.sh".
# The file err is what they said.
fail() {
    echo "$*"
    exit 1
}
await() { # until a command succeeds
    for ticks in $(seq 600); do
        ! "$@" 2>/dev/null || return 0
        sleep 0.05
    done
    fail "never: $*: $(cat err)"
}
port() { # p: a free one
    while :; do
        p=$((20000 + ($$ * 7 + ${tried:-0} * 101) % 12000))
        tried=$((${tried:-0} + 1))
        grep -q ":$(printf %04X $p) " /proc/net/tcp || break
    done
}
turns() { # rows, most turns: a script of conjugate gradients, which goes on by
    # what it has computed, and prints every ten turns
    cat <<END
param n = $1
tile 150
A = randn(n, n) / n
A = A + A' + diag(4 + 20 * rand(n, 1))
x = zeros(n, 1)
r = ones(n, 1)
p = r
rr = dot(r, r)
it = 0
while it < $2 && sqrt(rr) > 1e-200
  if it - 10 * floor(it / 10) == 0
    print("turn", it)
  end
  q = A * p
  alpha = rr / dot(p, q)
  x = x + alpha * p
  r = r - alpha * q
  new = dot(r, r)
  p = r + (new / rr) * p
  rr = new
  it += 1
end
print("turns", it)
output x
END
}
