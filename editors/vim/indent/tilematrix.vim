" Tilematrix scripts (.tm), as tmc --format indents them
if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=TilematrixIndent()
setlocal indentkeys=o,O,!^F,0=end,0=else,0=elseif,0=until,0),0]
setlocal nolisp nosmartindent autoindent
let b:undo_indent = 'setlocal indentexpr< indentkeys< lisp< smartindent< ' .
      \ 'autoindent<'

if exists('*TilematrixIndent')
  finish
endif

" The line without texts and comments.
function! s:Code(number)
  let line = substitute(getline(a:number), '"\%(\\.\|[^"\\]\)*"', '""', 'g')
  return substitute(line, '#.*$', '', '')
endfunction

" Brackets that a line leaves open: above 0, or closes: below.
function! s:Brackets(code)
  return len(substitute(a:code, '[^([]', '', 'g')) -
        \ len(substitute(a:code, '[^])]', '', 'g'))
endfunction

" Whether the statement goes on behind a line.
function! s:Continues(code)
  return a:code =~ '\%(\.\.\.\|[-+*/\\^=<>&|,]\|\<is\)\s*$'
endfunction

function! s:Blocks(code)
  let opens = 0
  for word in split(a:code, '\W\+')
    if word =~# '^\%(function\|if\|for\|while\|repeat\)$'
      let opens += 1
    elseif word =~# '^\%(end\|until\)$'
      let opens -= 1
    endif
  endfor
  return opens
endfunction

function! TilematrixIndent()
  let above = prevnonblank(v:lnum - 1)
  if above == 0
    return 0
  endif
  " inside of a bracket, or behind an operator: as it was typed
  let code = s:Code(above)
  if s:Brackets(code) > 0
    let column = match(code, '[([][^])([]*$')
    return code =~ '[([]\s*$' ? indent(above) + 4 : column + 1
  endif
  if s:Continues(code)
    let before = s:Code(prevnonblank(above - 1))
    return s:Continues(before) ? indent(above) : indent(above) + 4
  endif
  " the first line of the statement that ends above
  let first = above
  let open = s:Brackets(code)
  while first > 1
    let before = s:Code(first - 1)
    if open >= 0 && !s:Continues(before)
      break
    endif
    let first -= 1
    let open += s:Brackets(before)
    let code = before . ' ' . code
  endwhile
  let indent = indent(first)
  if code =~ '^\s*\%(else\|elseif\)\>' || s:Blocks(code) > 0
    let indent += shiftwidth()
  endif
  if s:Code(v:lnum) =~ '^\s*\%(end\|else\|elseif\|until\)\>'
    let indent -= shiftwidth()
  endif
  return max([indent, 0])
endfunction
