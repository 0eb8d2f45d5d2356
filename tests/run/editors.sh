# editors/: the words are the scanner's, the files of VS Code are JSON, and
# Vim colours and indents our own scripts as tmc --format does.
editors=$srcdir/editors
failed=0

fail() {
    echo "$@"
    failed=1
}

# Reserved words: quoted alone in rules of the scanner.
sed -n 's/^"\([a-z][a-z]*\)" .*/\1/p' "$srcdir/grammar/lexer.l" |
    sort -u >words
test "$(wc -l <words)" -gt 20 || fail 'the words of the scanner are not found'
while read -r word; do
    grep -q "^syntax keyword .* $word\( \|\$\)" \
        "$editors/vim/syntax/tilematrix.vim" || fail "vim lacks $word"
    grep -q "\"match\".*[(|b]$word[|)\\\\]" \
        "$editors/vscode/syntaxes/tm.tmLanguage.json" ||
        fail "vscode lacks $word"
done <words
for word in lower upper symmetric spd diagonal orthogonal sparse \
    f32 f64 c64 c128 pi inf nan eps; do
    grep -qw "$word" "$editors/vim/syntax/tilematrix.vim" ||
        fail "vim lacks $word"
    grep -qw "$word" "$editors/vscode/syntaxes/tm.tmLanguage.json" ||
        fail "vscode lacks $word"
done

if test -n "$PYTHON"; then
    for file in "$editors"/vscode/*.json "$editors"/vscode/syntaxes/*.json; do
        "$PYTHON" -m json.tool "$file" >/dev/null || fail "$file"
    done
fi

vim --version 2>/dev/null | grep -q '+eval' || {
    echo 'Vim was not run: there is none, or a small one'
    exit $failed
}
cat >colours.tm <<'END'
param n = 3.5  # TODO: it
matrix L(n, n) is lower & spd
for i in 0..n
  L[i,i] = f("a\n", true, ending)'
end
END
cat >colours.want <<'END'
1 1 tmDeclaration
1 7 
1 11 tmNumber
1 16 tmComment
1 18 tmTodo
2 8 tmCall
2 16 tmOperatorWord
2 19 tmProperty
2 27 tmProperty
3 1 tmRepeat
3 10 tmNumber
3 11 tmOperator
4 5 
4 12 tmCall
4 15 tmString
4 16 tmEscape
4 21 tmBoolean
4 27 
4 34 tmOperator
5 1 tmStatement
END
cat >colours.vim <<'END'
let lines = []
for want in readfile('colours.want')
  let [row, column; rest] = split(want, ' ', 1)
  let name = synIDattr(synID(row, column, 1), 'name')
  call add(lines, row . ' ' . column . ' ' . name)
endfor
call writefile(lines, 'colours.got')
qall!
END
run_vim() {
    HOME=$PWD timeout 60 vim -N -u NONE -i NONE -n -es \
        --cmd "set runtimepath^=$editors/vim" \
        -c 'filetype plugin indent on' -c 'syntax on' "$@" </dev/null
}
run_vim colours.tm -c 'doautocmd BufRead' -S colours.vim
diff -u colours.want colours.got || fail 'Vim: other colours'
for script in "$srcdir"/lib/*.tm "$srcdir"/examples/*.tm; do
    "$TMC" --format "$script" >want.tm || fail "$script"
    sed 's/^ *//' want.tm >flat.tm
    run_vim flat.tm -c 'doautocmd BufRead' -c 'normal! gg=G' -c 'wq'
    diff -u want.tm flat.tm || fail "Vim: another indentation of $script"
done
exit $failed
