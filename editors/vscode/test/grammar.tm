# SYNTAX TEST "source.tm" "every kind of token"
# <- comment.line.number-sign.tm punctuation.definition.comment.tm
param n = 3.5e-2  # a comment
# <----- keyword.declaration.tm
#     ^ - keyword
#       ^ keyword.operator.assignment.tm
#         ^^^^^^ constant.numeric.tm
#                 ^^^^^^^^^^^ comment.line.number-sign.tm
input A(m, 4) is f32 tile 2, 2
# <----- keyword.declaration.tm
#     ^ entity.name.function.call.tm
#          ^ constant.numeric.tm
#             ^^ keyword.operator.is.tm
#                ^^^ storage.type.element.tm
#                    ^^^^ keyword.declaration.tm
matrix L(n, n) is lower & spd
# <------ keyword.declaration.tm
#              ^^ keyword.operator.is.tm
#                 ^^^^^ support.type.property.tm
#                         ^^^ support.type.property.tm
function [a, b] = f(x, scale = 1)
# <-------- keyword.declaration.function.tm
#        ^^^^^^ variable.other.result.tm
#               ^ keyword.operator.assignment.tm
#                 ^ entity.name.function.tm
#                      ^^^^^ variable.parameter.tm
  a = x' * x.' .* 2^-1
#      ^ keyword.operator.transpose.tm
#        ^ keyword.operator.arithmetic.tm
#           ^^ keyword.operator.transpose.tm
#              ^^ keyword.operator.arithmetic.tm
#                ^ - constant
#                 ^ constant.numeric.tm
#                  ^ keyword.operator.arithmetic.tm
  b = "say \"# no\" \q"
#     ^^^^^^^^^^^^^^^^^ string.quoted.double.tm
#          ^^ constant.character.escape.tm
#                   ^^ invalid.illegal.escape.tm
end
# <--- keyword.control.tm
for i in 0..n step 2
# <--- keyword.control.tm
#     ^^ keyword.control.tm
#        ^ constant.numeric.tm
#         ^^ keyword.operator.range.tm
#             ^^^^ keyword.control.tm
  C[i,0] += rand(n, seed=1) ...
#   ^ - entity
#        ^^ keyword.operator.assignment.tm
#           ^^^^ entity.name.function.call.tm
#                   ^^^^ variable.parameter.tm
#                           ^^^ punctuation.separator.continuation.tm
    \ pi
#   ^ keyword.operator.arithmetic.tm
#     ^^ constant.language.tm
  if !true && x >= 1 || y == 2
# ^^ keyword.control.tm
#    ^ keyword.operator.logical.tm
#     ^^^^ constant.language.boolean.tm
#          ^^ keyword.operator.logical.tm
#               ^^ keyword.operator.comparison.tm
#                    ^^ keyword.operator.logical.tm
#                         ^^ keyword.operator.comparison.tm
    ending = in_place
#   ^^^^^^ - keyword
#            ^^^^^^^^ - keyword
  end
# ^^^ keyword.control.tm
end
# <--- keyword.control.tm
