# A plan that somebody else made names files here only, unless it is allowed.
set -e
mkdir inside outside
cat >inside/script.tm <<TM
A = read("$PWD/outside/a.csv")
B = read("data/b.csv")
C = A + B
output C
write(C, "../outside/c.csv")
TM
mkdir inside/data
echo "1,2" | tee outside/a.csv >inside/data/b.csv
cd inside
"$TMC" script.tm
"$TMRUN" script.tm # one's own script may
test "$(cat ../outside/c.csv)" = 2,4
rm ../outside/c.csv C.npy

fails() {
    status=0
    "$TMRUN" "$@" 2>err || status=$?
    test $status = 2 || { echo "status $status, not 2: $*"; cat err; exit 1; }
    test ! -e C.npy && test ! -e ../outside/c.csv
}
fails script.plan
grep -q "outside/a.csv, which is not in or below this" err
fails script.plan A=../outside/a.csv
grep -q "outside/c.csv, which is not in or below this" err
"$TMRUN" script.plan --allow-dir ../outside
test "$(cat ../outside/c.csv)" = 2,4
