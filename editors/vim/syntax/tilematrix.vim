" Tilematrix scripts (.tm)
if exists('b:current_syntax')
  finish
endif

syntax keyword tmDeclaration param input matrix output assume tile
syntax keyword tmFunction function
syntax keyword tmConditional if elseif else
syntax keyword tmRepeat for in step while repeat until
syntax keyword tmStatement end break continue return
syntax keyword tmOperatorWord is nextgroup=tmProperties skipwhite
syntax keyword tmBoolean true false
syntax keyword tmConstant pi inf nan eps
syntax keyword tmType f32 f64 c64 c128
syntax keyword tmProperty lower upper symmetric spd diagonal orthogonal sparse
      \ contained
syntax match tmProperties /\h\w*\%(\s*&\s*\h\w*\)*/ contained
      \ contains=tmProperty,tmType
syntax match tmCall /\<\h\w*\>\ze\s*(/
syntax match tmNumber /\<\d\+\%(\.\d\+\)\?\%([eE][+-]\?\d\+\)\?\>/
syntax match tmOperator /[-+*/\\^=<>!&|']\|\.[*/^']\|\.\./
syntax match tmContinuation /\.\.\./
syntax match tmEscape /\\[nt"\\]/ contained
syntax region tmString start=/"/ skip=/\\./ end=/"/ oneline contains=tmEscape
syntax keyword tmTodo TODO FIXME XXX contained
syntax match tmComment /#.*$/ contains=tmTodo,@Spell

highlight default link tmDeclaration Keyword
highlight default link tmFunction Keyword
highlight default link tmConditional Conditional
highlight default link tmRepeat Repeat
highlight default link tmStatement Statement
highlight default link tmOperatorWord Keyword
highlight default link tmBoolean Boolean
highlight default link tmConstant Constant
highlight default link tmType Type
highlight default link tmProperty Type
highlight default link tmCall Function
highlight default link tmNumber Number
highlight default link tmOperator Operator
highlight default link tmContinuation Special
highlight default link tmEscape SpecialChar
highlight default link tmString String
highlight default link tmTodo Todo
highlight default link tmComment Comment

let b:current_syntax = 'tilematrix'
