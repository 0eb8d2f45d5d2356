# tmc --format: the layout itself, that every script of the project that can
# be parsed has a layout that is stable and means the same, and files.
failed=0

fail() {
    echo "$@"
    failed=1
}

cat >in.tm <<'END'


# a comment   
param   n=3;param m = 4 ;;
function[a,b]=f( x,y=2 )
a=x+-y*2


b = -x- -y
# before the end
end
for i in 0 .. n-1 step 2*m   # first
A[ i,k+1 ]=B[i+1..t , 0]*2   # second, longer
if A(i,0)>=1&&!(x is lower&upper)||true
  y = A.^2 .* 2 ^ -1 ; z = A'.^(2+i)
	elseif x==1
C[i+2*j,0]-=A[2 ^ i,:] \ B.'
# of the body
  else
[Q , R] = f(rand(n,m,seed = 1),- -x,!y)
end
end

repeat
M=[1,2   # one row
;3,4]
v = f(
a,   # an argument
  b
  )
w = f(a,
b)+g(c,(a+
 b))
s = a ...
+b+
c
until (a+b)..c == -2..x
s="a#b  \" ,  é"+f("é",
1)
matrix C( m,n )is lower tile 4,tile_rows(A)
x=A(1,:)( 0 )
i *= -n..a- -b
END
cat >want.tm <<'END'
# a comment
param n = 3; param m = 4
function [a, b] = f(x, y = 2)
  a = x + -y * 2

  b = -x - -y
  # before the end
end
for i in 0..n-1 step 2 * m    # first
  A[i,k+1] = B[i+1..t,0] * 2  # second, longer
  if A(i, 0) >= 1 && !(x is lower & upper) || true
    y = A.^2 .* 2^-1; z = A'.^(2 + i)
  elseif x == 1
    C[i + 2 * j, 0] -= A[2^i, :] \ B.'
    # of the body
  else
    [Q, R] = f(rand(n, m, seed=1), - -x, !y)
  end
end

repeat
  M = [1, 2  # one row
       ; 3, 4]
  v = f(
      a,  # an argument
      b
  )
  w = f(a,
        b) + g(c, (a +
                   b))
  s = a ...
      + b +
      c
until (a + b)..c == -2..x
s = "a#b  \" ,  é" + f("é",
                       1)
matrix C(m, n) is lower tile 4, tile_rows(A)
x = A(1, :)(0)
i *= -n..a - -b
END
"$TMC" --format in.tm >got.tm || fail "status $?"
diff -u want.tm got.tm || fail 'not the layout that is wanted'
"$TMC" --format - <in.tm | cmp - want.tm || fail 'standard input differs'
printf 'x = 1  \r\n\r\n\r\n\ny=2# c\t' | "$TMC" --format - >got.tm
printf 'x = 1\n\ny = 2  # c\n' | cmp - got.tm || fail 'line ends'
"$TMC" --format /dev/null | cmp - /dev/null || fail 'an empty script'

# Every script, those in the manuals too: the layout of the layout is the
# layout; the tree stays.
for folder in lib examples bench tests docs editors; do
    find "$srcdir/$folder" -name '*.tm' ! -path '*/scratch/*'
done >scripts
mkdir blocks
for page in "$srcdir"/*.md "$srcdir"/docs/*.md; do
    awk -v out=blocks/"$(basename "$page" .md)" \
        -f "$srcdir/tests/docs_blocks.awk" "$page" |
        sed -n "s,^\([0-9]*\) tm.*,blocks/$(basename "$page" .md).\1,p"
done >>scripts
for kind in /lib/ /bench/ /tests/programs/ blocks/language; do
    grep -q "$kind" scripts || fail "no scripts of $kind"
done
count=0
while read -r script; do
    "$TMC" --emit=ast "$script" >tree 2>/dev/null || continue
    count=$((count + 1))
    "$TMC" --format "$script" >once.tm || fail "$script: status $?"
    "$TMC" --format once.tm >twice.tm || fail "$script: status $?"
    cmp once.tm twice.tm || fail "$script: not stable"
    "$TMC" --emit=ast once.tm | cmp - tree || fail "$script: another tree"
done <scripts
echo "$count scripts"
test $count -gt 100 || fail 'too few scripts were found'

# Our own have it already: tmc --format --in-place lib/*.tm examples/*.tm
"$TMC" --format --check "$srcdir"/lib/*.tm "$srcdir"/examples/*.tm \
    "$srcdir"/bench/*.tm "$srcdir"/bench/expressions/*.tm ||
    fail 'these have another layout: tmc --format --in-place changes them'

# Files: changed whole, keeping their mode and links, or left alone.
mkdir files
printf 'x=1\n' >files/a.tm
printf 'x = 1\n' >files/b.tm
printf 'x = = 1\n' >files/wrong.tm
chmod 640 files/a.tm
ln -s a.tm files/link.tm
test "$("$TMC" --format --check files/[ab].tm)" = files/a.tm ||
    fail '--check names others'
"$TMC" --format --check files/a.tm >out
test $? = 1 || fail '--check: another status'
"$TMC" --format --check files/b.tm || fail '--check: status for a good one'
"$TMC" --format --in-place files/link.tm files/b.tm || fail "status $?"
cmp files/a.tm files/b.tm || fail 'not changed in place'
test -h files/link.tm || fail 'the link is gone'
test "$(stat -c %a files/a.tm)" = 640 || fail 'another mode'
"$TMC" --format --in-place files/wrong.tm 2>message
test $? = 1 || fail 'a script with errors: another status'
grep -q 'wrong.tm:1:5: error: .*\[syntax\]' message || fail 'no message'
test "$(cat files/wrong.tm)" = 'x = = 1' || fail 'a wrong script was changed'
test "$(ls files | wc -l)" = 4 || fail 'left behind:' files/*

for words in '--format' '--format --check --in-place in.tm' \
    '--format --emit=ast in.tm' '--format -o x in.tm' '--in-place in.tm' \
    '--format --in-place -'; do
    "$TMC" $words >out 2>&1
    test $? = 2 || fail "tmc $words: status is not 2"
done
exit $failed
