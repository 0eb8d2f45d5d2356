" Tilematrix scripts (.tm)
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=#\ %s
setlocal comments=:#
setlocal formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal formatprg=tmc\ --format\ -
setlocal makeprg=tmc\ --check\ %:S
setlocal errorformat=%f:%l:%c:\ %t%*[^:]:\ %m,%-G%.%#
let b:match_words = '\<\%(function\|if\|for\|while\)\>:' .
      \ '\<\%(elseif\|else\)\>:\<end\>,\<repeat\>:\<until\>'
let b:undo_ftplugin = 'setlocal commentstring< comments< formatoptions< ' .
      \ 'expandtab< shiftwidth< softtabstop< formatprg< makeprg< ' .
      \ 'errorformat< | unlet! b:match_words'
