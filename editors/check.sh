# Tests the grammar of VS Code with npm's vscode-tmgrammar-test, which comes
# from the npm registry; 77 where it can't be had.  Usage: check.sh SCRATCH
here=$(cd "$(dirname "$0")" && pwd)
scratch=${1:-editors-check}
version=0.1.3
command -v npm >/dev/null || { echo 'skipped: there is no npm'; exit 77; }
mkdir -p "$scratch" && cd "$scratch" || exit 99
tool=node_modules/.bin/vscode-tmgrammar-test
if ! test -x $tool; then
    npm install --no-save --no-audit --no-fund \
        "vscode-tmgrammar-test@$version" >npm.log 2>&1 || {
        tail -n 3 npm.log
        echo 'skipped: npm cannot install vscode-tmgrammar-test'
        exit 77
    }
fi
$tool --grammar "$here/vscode/syntaxes/tm.tmLanguage.json" \
    "$here"/vscode/test/*.tm
