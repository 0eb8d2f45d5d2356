/* What plan/ alone knows of expressions, map operations and kernels. */
#ifndef PLAN_EXPR_H
#define PLAN_EXPR_H

#include "plan/plan.h"

struct expr_info {
    const char *name;
    uint8_t arity;
    char type; /* i r b, or s: that of the arguments */
};
extern const struct expr_info expr_table[EXPR_OPS];

struct mapop_info {
    const char *name;
    uint8_t arity;
};
extern const struct mapop_info mapop_table[MAPOP_COUNT];

/* r w x R X: what operand number k of a kernel is; 0: it has none. */
char kernel_mode(uint8_t kernel, uint32_t operand);
int kernel_takes(uint8_t kernel, uint32_t operands);

/* One operation on values.  0, or *fault says why it has no result. */
int expr_apply(uint8_t op, uint8_t type, const union plan_value *args,
               uint8_t arg_type, union plan_value *value, const char **fault);

#endif
