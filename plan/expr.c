/* Arithmetic of a plan's expressions: 64-bit integers that never wrap. */
#include "plan/expr.h"

#include <math.h>

static int fail(const char **fault, const char *why)
{
    *fault = why;
    return -1;
}

static const char overflow[] = "integer overflow";

static int64_t floor_log2(int64_t x)
{
    return 63 - __builtin_clzll((unsigned long long)x);
}

static int power(int64_t base, int64_t exponent, int64_t *result)
{
    int64_t value = 1;

    while (exponent > 0) {
        if ((exponent & 1) && __builtin_mul_overflow(value, base, &value))
            return -1;
        exponent >>= 1;
        if (exponent && __builtin_mul_overflow(base, base, &base))
            return -1;
    }
    *result = value;
    return 0;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;

    return q - (a % b != 0 && (a < 0) != (b < 0));
}

static int to_integer(double real, int64_t *result, const char **fault)
{
    if (!(real >= -9.2e18 && real <= 9.2e18))
        return fail(fault, "the number is too large for an integer");
    *result = (int64_t)real;
    return 0;
}

static int apply_integer(uint8_t op, const int64_t *x, int64_t *r,
                         const char **fault)
{
    int64_t a = x[0], b = x[1];
    int bad = 0;

    switch (op) {
    case EXPR_ADD: bad = __builtin_add_overflow(a, b, r); break;
    case EXPR_SUB: bad = __builtin_sub_overflow(a, b, r); break;
    case EXPR_MUL: bad = __builtin_mul_overflow(a, b, r); break;
    case EXPR_NEG: bad = __builtin_sub_overflow((int64_t)0, a, r); break;
    case EXPR_ABS:
        bad = a == INT64_MIN;
        *r = a < 0 && !bad ? -a : a;
        break;
    case EXPR_MIN: *r = a < b ? a : b; break;
    case EXPR_MAX: *r = a > b ? a : b; break;
    case EXPR_FLOOR_DIV:
    case EXPR_CEIL_DIV:
    case EXPR_MOD:
        if (b == 0)
            return fail(fault, "division by zero");
        if (a == INT64_MIN && b == -1)
            return fail(fault, overflow);
        if (op == EXPR_MOD)
            *r = a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0);
        else
            *r = floor_div(a, b) + (op == EXPR_CEIL_DIV && a % b != 0);
        break;
    case EXPR_POW:
        if (b < 0)
            return fail(fault, "negative exponent of a whole number");
        bad = power(a, b, r) != 0;
        break;
    case EXPR_FLOOR_LOG2:
    case EXPR_CEIL_LOG2:
        if (a < 1)
            return fail(fault, "logarithm of a number below 1");
        *r = floor_log2(a) + (op == EXPR_CEIL_LOG2 && (a & (a - 1)) != 0);
        break;
    case EXPR_LT: *r = a < b; break;
    case EXPR_LE: *r = a <= b; break;
    case EXPR_EQ: *r = a == b; break;
    case EXPR_NE: *r = a != b; break;
    case EXPR_AND: *r = a && b; break;
    case EXPR_OR: *r = a || b; break;
    case EXPR_NOT: *r = !a; break;
    case EXPR_IF: *r = a ? b : x[2]; break;
    case EXPR_FLOOR:
    case EXPR_CEIL:
    case EXPR_ROUND: *r = a; break;
    default: return fail(fault, "operation not of integers");
    }
    return bad ? fail(fault, overflow) : 0;
}

static int apply_real(uint8_t op, const union plan_value *x,
                      union plan_value *v, const char **fault)
{
    double a = x[0].real, b = x[1].real, *r = &v->real;

    switch (op) {
    case EXPR_ADD: *r = a + b; break;
    case EXPR_SUB: *r = a - b; break;
    case EXPR_MUL: *r = a * b; break;
    case EXPR_DIV: *r = a / b; break;
    case EXPR_POWR:
    case EXPR_POW: *r = pow(a, b); break;
    case EXPR_MOD: *r = b == 0 ? a : a - floor(a / b) * b; break;
    case EXPR_MIN: *r = fmin(a, b); break;
    case EXPR_MAX: *r = fmax(a, b); break;
    case EXPR_NEG: *r = -a; break;
    case EXPR_ABS: *r = fabs(a); break;
    case EXPR_SQRT: *r = sqrt(a); break;
    case EXPR_EXP: *r = exp(a); break;
    case EXPR_LOG: *r = log(a); break;
    case EXPR_LOG2: *r = log2(a); break;
    case EXPR_SIN: *r = sin(a); break;
    case EXPR_COS: *r = cos(a); break;
    case EXPR_TANH: *r = tanh(a); break;
    case EXPR_FLOOR: return to_integer(floor(a), &v->integer, fault);
    case EXPR_CEIL: return to_integer(ceil(a), &v->integer, fault);
    case EXPR_ROUND: return to_integer(round(a), &v->integer, fault);
    case EXPR_LT: v->integer = a < b; break;
    case EXPR_LE: v->integer = a <= b; break;
    case EXPR_EQ: v->integer = a == b; break;
    case EXPR_NE: v->integer = a != b; break;
    default: return fail(fault, "operation not of reals");
    }
    return 0;
}

int expr_apply(uint8_t op, uint8_t type, const union plan_value *args,
               uint8_t arg_type, union plan_value *value, const char **fault)
{
    int64_t x[3];

    if (op == EXPR_TO_REAL) {
        value->real =
            arg_type == NUMBER_REAL ? args[0].real : (double)args[0].integer;
        return 0;
    }
    if (op == EXPR_IF && type == NUMBER_REAL) {
        value->real = args[0].integer ? args[1].real : args[2].real;
        return 0;
    }
    if (arg_type == NUMBER_REAL)
        return apply_real(op, args, value, fault);
    x[0] = args[0].integer;
    x[1] = args[1].integer;
    x[2] = args[2].integer;
    return apply_integer(op, x, &value->integer, fault);
}
