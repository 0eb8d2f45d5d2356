# Hostile clients at the ports of a run and of its workers, with and without a
# secret: hostile.py, which `make hostile MINUTES=10` runs for long.
set -e
test -n "${PYTHON:-}" || exit 77
for port in open secret; do
    "$PYTHON" "$srcdir/tests/run/hostile.py" "$TMRUN" "${TM_REPEAT:-2}" $port
done
