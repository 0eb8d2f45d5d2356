/* What must hold for every plan, whatever is bound to it.  A plan that has
 * passed can be bound, walked and run without another look at its numbers;
 * sizes and indices that hang on bindings are checked by bind.c and walk.c,
 * shapes of tiles by the kernels' own rules before each task. */
#include "plan/expr.h"
#include "base/error.h"

enum {
    DEEPEST = 64,    /* loops and ifs in each other */
    HEAVIEST = 2000, /* operations in an expression that hangs on slots: it is
                      * evaluated as a tree, by recursion */
    LONGEST = 4096   /* parts of a text, steps of a map program, arguments of
                      * a task: they may be shared, so that a short file could
                      * mean a lot of work */
};
static const uint64_t most_work = 100000000; /* where tables are multiplied */

struct verify {
    const struct plan *plan;
    struct tm_error *error;
    int failed;
    uint32_t open[DEEPEST]; /* entries whose body we are in */
    uint32_t depth;
    uint32_t loops;      /* of them LOOP and REPEAT */
    uint32_t if_end;     /* where an IF ended last that an ELSE may follow */
    uint32_t *param;     /* per expression: 1 + the last parameter it uses */
    unsigned char *late; /* per expression: USES_... */
    uint32_t *weight;    /* per expression: operations to evaluate its tree */
};

static void bad(struct verify *v, const char *what, uint32_t number,
                const char *why)
{
    if (!v->failed)
        error_set(v->error, TM_EFILE, "bad plan: %s %u %s", what, number, why);
    v->failed = 1;
}

#define NEED(TEST, WHAT, NUMBER, WHY)                                          \
    do {                                                                       \
        if (!(TEST)) {                                                         \
            bad(v, (WHAT), (NUMBER), (WHY));                                   \
            return;                                                            \
        }                                                                      \
    } while (0)

static int in(uint32_t index, uint32_t count)
{
    return index < count;
}

static int in_or_none(uint32_t index, uint32_t count)
{
    return index == PLAN_NONE || index < count;
}

static int range(uint32_t first, uint32_t count, uint32_t total)
{
    return first <= total && count <= total - first;
}

/* An expression of the type, without slots if fixed. */
static int number(struct verify *v, uint32_t expr, uint8_t type, int fixed)
{
    const struct plan_expr *x;

    if (!in(expr, v->plan->exprs.count))
        return 0;
    x = &v->plan->exprs.items[expr];
    return x->type == type && !(fixed && x->slots);
}

/* Is there a type below this one?  The relations are in order as far as they
 * have been looked at, so a wrong answer is for a plan that is refused. */
static int is_related(const struct plan *p, uint32_t type)
{
    uint32_t low = 0, high = p->relations.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (p->relations.items[middle].type < type)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->relations.count && p->relations.items[low].type == type &&
           p->relations.items[low].real != PLAN_NONE;
}

static void verify_tables(struct verify *v)
{
    const struct plan *p = v->plan;
    uint32_t k;

    for (k = 0; k < p->sources.count; k++) {
        const struct plan_source *x = &p->sources.items[k];
        NEED(in(x->name, p->strings.count) &&
                 in_or_none(x->text, p->strings.count),
             "source", k, "names no text");
    }
    for (k = 0; k < p->places.count; k++) {
        const struct plan_place *x = &p->places.items[k];
        NEED(in(x->source, p->sources.count), "place", k, "has no source");
        NEED(x->via == PLAN_NONE || x->via < k, "place", k,
             "was called from a later one");
    }
    for (k = 0; k < p->types.count; k++)
        NEED(p->types.items[k].fixed <= TM_C128, "type", k, "is unknown");
    for (k = 0; k < p->relations.count; k++) {
        const struct plan_relation *x = &p->relations.items[k];
        NEED(in(x->type, p->types.count) &&
                 in_or_none(x->real, p->types.count) && x->real != x->type &&
                 x->only <= ONLY_COMPLEX,
             "relation", k, "is of an unknown type");
        NEED(!k || p->relations.items[k - 1].type < x->type, "relation", k,
             "is not in the order of types");
        NEED(x->real == PLAN_NONE || !is_related(p, x->real), "relation", k,
             "has a type that is itself over another");
    }
    for (k = 0; k < p->slots.count; k++) {
        const struct plan_slot *x = &p->slots.items[k];
        NEED(x->type >= NUMBER_INT && x->type <= NUMBER_BOOL, "slot", k,
             "has no type");
        NEED(in(x->name, p->strings.count), "slot", k, "has no name");
    }
}

/* The type that operation x gives for its arguments; 0: none. */
static uint8_t expr_result(const struct plan *p, const struct plan_expr *x)
{
    const struct expr_info *info = &expr_table[x->op];
    uint8_t first = x->op == EXPR_IF ? p->exprs.items[x->args[1]].type
                                     : p->exprs.items[x->args[0]].type;
    uint32_t k;

    for (k = x->op == EXPR_IF; k < info->arity; k++)
        if (p->exprs.items[x->args[k]].type != first)
            return 0;
    switch (x->op) {
    case EXPR_IF:
        return p->exprs.items[x->args[0]].type == NUMBER_BOOL ? first : 0;
    case EXPR_TO_REAL: return first == NUMBER_INT ? NUMBER_REAL : 0;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT: return first == NUMBER_BOOL ? NUMBER_BOOL : 0;
    case EXPR_EQ:
    case EXPR_NE: return NUMBER_BOOL;
    case EXPR_FLOOR:
    case EXPR_CEIL:
    case EXPR_ROUND: return first == NUMBER_REAL ? NUMBER_INT : 0;
    case EXPR_FLOOR_DIV:
    case EXPR_CEIL_DIV:
    case EXPR_FLOOR_LOG2:
    case EXPR_CEIL_LOG2: return first == NUMBER_INT ? NUMBER_INT : 0;
    }
    if (first == NUMBER_BOOL)
        return 0;
    if (info->type == 'r')
        return first == NUMBER_REAL ? NUMBER_REAL : 0;
    return info->type == 'b' ? NUMBER_BOOL : first;
}

enum { USES_INPUT = 1, USES_TILE = 2 };

/* What an expression hangs on, from what its arguments hang on. */
static void note_uses(struct verify *v, uint32_t k)
{
    const struct plan_expr *x = &v->plan->exprs.items[k];
    uint32_t a;

    if (x->op == EXPR_PARAM)
        v->param[k] = (uint32_t)x->value.integer + 1;
    else if (x->op == EXPR_INPUT_ROWS || x->op == EXPR_INPUT_COLS ||
             x->op == EXPR_INPUT_COMPLEX)
        v->late[k] = USES_INPUT;
    else if (x->op == EXPR_TILE_ROWS || x->op == EXPR_TILE_COLS)
        v->late[k] = USES_TILE;
    v->weight[k] = 1;
    for (a = 0; a < expr_table[x->op].arity; a++) {
        v->weight[k] += v->weight[x->args[a]];
        if (v->weight[k] > HEAVIEST)
            v->weight[k] = HEAVIEST + 1;
        if (v->param[k] < v->param[x->args[a]])
            v->param[k] = v->param[x->args[a]];
        v->late[k] |= v->late[x->args[a]];
    }
}

static int leaf_ok(const struct plan *p, const struct plan_expr *x)
{
    uint64_t n = (uint64_t)x->value.integer;

    switch (x->op) {
    case EXPR_INT: return x->type == NUMBER_INT;
    case EXPR_REAL: return x->type == NUMBER_REAL;
    case EXPR_TRUTH: return x->type == NUMBER_BOOL && n <= 1;
    case EXPR_PARAM:
        return n < p->params.count && p->params.items[n].type == x->type &&
               x->type != NUMBER_TEXT;
    case EXPR_SLOT:
        return n < p->slots.count && p->slots.items[n].type == x->type;
    case EXPR_INPUT_ROWS:
    case EXPR_INPUT_COLS: return n < p->inputs.count && x->type == NUMBER_INT;
    case EXPR_INPUT_COMPLEX:
        return n < p->inputs.count && x->type == NUMBER_BOOL;
    default: return x->type == NUMBER_INT; /* TILE_ROWS, TILE_COLS */
    }
}

static void verify_exprs(struct verify *v)
{
    const struct plan *p = v->plan;
    uint32_t k, a;

    v->param =
        arena_array(p->arena, (size_t)p->exprs.count + 1, sizeof *v->param);
    v->weight =
        arena_array(p->arena, (size_t)p->exprs.count + 1, sizeof *v->weight);
    v->late = arena_alloc(p->arena, (size_t)p->exprs.count + 1);
    for (k = 0; k < p->exprs.count; k++) {
        const struct plan_expr *x = &p->exprs.items[k];
        NEED(x->op > 0 && x->op < EXPR_OPS && expr_table[x->op].name,
             "expression", k, "is of an unknown operation");
        for (a = 0; a < expr_table[x->op].arity; a++)
            NEED(x->args[a] < k, "expression", k, "uses a later one");
        if (expr_table[x->op].arity == 0)
            NEED(leaf_ok(p, x), "expression", k, "names nothing");
        else
            NEED(x->type && expr_result(p, x) == x->type, "expression", k,
                 "has the wrong type");
        note_uses(v, k);
        NEED(!x->slots || v->weight[k] <= HEAVIEST, "expression", k,
             "is too long");
    }
}

static void verify_params(struct verify *v)
{
    const struct plan *p = v->plan;
    uint64_t work = 0;
    uint32_t k;

    for (k = 0; k < p->params.count; k++) {
        const struct plan_param *x = &p->params.items[k];
        NEED(in(x->name, p->strings.count), "parameter", k, "has no name");
        NEED(x->type >= NUMBER_INT && x->type <= NUMBER_TEXT, "parameter", k,
             "has no type");
        NEED(in_or_none(x->place, p->places.count), "parameter", k,
             "has no place");
        if (x->value == PLAN_NONE)
            continue;
        if (x->type == NUMBER_TEXT) {
            NEED(in(x->value, p->strings.count), "parameter", k, "has no text");
            continue;
        }
        NEED(number(v, x->value, x->type, 1), "parameter", k,
             "has a default of another type");
        NEED(v->param[x->value] <= k && !v->late[x->value], "parameter", k,
             "hangs on what comes later");
        work += x->value; /* binding evaluates all up to it */
        NEED(work <= most_work, "parameter", k, "has too long a default");
    }
    if (p->tile_rows != PLAN_NONE || p->tile_cols != PLAN_NONE) {
        NEED(number(v, p->tile_rows, NUMBER_INT, 1) &&
                 number(v, p->tile_cols, NUMBER_INT, 1),
             "tile edge", 0, "is no number");
        NEED(!((v->late[p->tile_rows] | v->late[p->tile_cols]) & USES_TILE),
             "tile edge", 0, "hangs on itself");
    }
}

static int path_ok(const struct plan *p, uint32_t path, uint32_t param)
{
    return in_or_none(path, p->strings.count) &&
           (param == PLAN_NONE || (param < p->params.count &&
                                   p->params.items[param].type == NUMBER_TEXT));
}

static void verify_matrix(struct verify *v, uint32_t k)
{
    const struct plan *p = v->plan;
    const struct plan_matrix *x = &p->matrices.items[k];

    NEED(in(x->name, p->strings.count) && in(x->type, p->types.count) &&
             in_or_none(x->place, p->places.count),
         "matrix", k, "has no name, type or place");
    NEED(number(v, x->rows, NUMBER_INT, 1) &&
             number(v, x->cols, NUMBER_INT, 1) &&
             number(v, x->tile_rows, NUMBER_INT, 1) &&
             number(v, x->tile_cols, NUMBER_INT, 1),
         "matrix", k, "has no sizes");
    NEED(x->kind == MATRIX_SOURCE || x->rule == 0, "matrix", k,
         "has a rule that it does not need");
    switch (x->kind) {
    case MATRIX_TEMP: return;
    case MATRIX_INPUT:
        NEED(in(x->input, p->inputs.count) &&
                 p->inputs.items[x->input].matrix == k,
             "matrix", k, "is not its input's");
        NEED(p->inputs.items[x->input].type == x->type, "matrix", k,
             "is not of its input's type");
        return;
    case MATRIX_SOURCE:
        NEED(x->rule >= RULE_FILL && x->rule <= RULE_LIST, "matrix", k,
             "has no rule");
        if (x->rule <= RULE_EYE)
            NEED(number(v, x->arg, NUMBER_REAL, 1), "matrix", k,
                 "has no value");
        if (x->rule == RULE_LIST)
            NEED(x->arg <= p->constants.count, "matrix", k, "has no entries");
        NEED(x->seed == PLAN_NONE || number(v, x->seed, NUMBER_INT, 1),
             "matrix", k, "has no seed");
        return;
    default: NEED(0, "matrix", k, "is of an unknown kind");
    }
}

static void verify_matrices(struct verify *v)
{
    const struct plan *p = v->plan;
    uint32_t k;

    NEED((uint64_t)p->inputs.count * p->types.count <= most_work, "type",
         p->types.count, "is one too many for so many inputs");
    NEED((uint64_t)p->inputs.count * p->matrices.count <= most_work, "matrix",
         p->matrices.count, "is one too many for so many inputs");
    for (k = 0; k < p->inputs.count; k++) {
        const struct plan_input *x = &p->inputs.items[k];
        NEED(in(x->name, p->strings.count) &&
                 path_ok(p, x->path, x->path_param) &&
                 in_or_none(x->matrix, p->matrices.count) &&
                 in(x->type, p->types.count) &&
                 in_or_none(x->place, p->places.count) && x->fixed <= TM_C128,
             "input", k, "has no name, path, type, matrix or place");
        NEED((x->rows == PLAN_NONE || number(v, x->rows, NUMBER_INT, 1)) &&
                 (x->cols == PLAN_NONE || number(v, x->cols, NUMBER_INT, 1)),
             "input", k, "has no sizes");
        NEED(x->matrix == PLAN_NONE ||
                 (p->matrices.items[x->matrix].kind == MATRIX_INPUT &&
                  p->matrices.items[x->matrix].input == k),
             "input", k, "has a matrix that is not its own");
    }
    for (k = 0; k < p->matrices.count && !v->failed; k++)
        verify_matrix(v, k);
    for (k = 0; k < p->outputs.count && !v->failed; k++) {
        const struct plan_output *x = &p->outputs.items[k];
        NEED(in(x->name, p->strings.count) &&
                 path_ok(p, x->path, x->path_param) &&
                 in(x->matrix, p->matrices.count) &&
                 in_or_none(x->place, p->places.count),
             "output", k, "has no name, path, matrix or place");
    }
}

static void verify_texts(struct verify *v)
{
    const struct plan *p = v->plan;
    uint32_t k;

    for (k = 0; k < p->parts.count; k++) {
        const struct plan_part *x = &p->parts.items[k];
        int ok = x->kind == PART_STRING ? in(x->value, p->strings.count)
                 : x->kind == PART_EXPR ? in(x->value, p->exprs.count)
                 : x->kind == PART_PARAM
                     ? in(x->value, p->params.count) &&
                           p->params.items[x->value].type == NUMBER_TEXT
                     : x->kind == PART_OPERAND;
        NEED(ok, "part of a text", k, "names nothing");
    }
    for (k = 0; k < p->texts.count; k++)
        NEED(range(p->texts.items[k].first, p->texts.items[k].count,
                   p->parts.count) &&
                 p->texts.items[k].count <= LONGEST,
             "text", k, "has no parts");
    for (k = 0; k < p->checks.count; k++) {
        const struct plan_check *x = &p->checks.items[k];
        NEED(number(v, x->test, NUMBER_BOOL, 1) &&
                 in(x->text, p->texts.count) &&
                 in_or_none(x->place, p->places.count),
             "check", k, "has no test, text or place");
    }
}

static void verify_maps(struct verify *v)
{
    const struct plan *p = v->plan;
    uint32_t k, s;

    for (k = 0; k < p->maps.count; k++) {
        const struct plan_map *m = &p->maps.items[k];
        uint32_t ready = m->inputs + m->constants;
        NEED(range(m->first_step, m->steps, p->steps.count) && m->steps > 0 &&
                 range(m->first_constant, m->constants, p->constants.count) &&
                 m->registers <= PLAN_REGISTERS && ready <= m->registers &&
                 m->steps <= LONGEST,
             "map program", k, "is out of range");
        for (s = 0; s < m->steps; s++) {
            const struct plan_map_step *x = &p->steps.items[m->first_step + s];
            uint32_t arity;
            NEED(x->op > 0 && x->op < MAPOP_COUNT && mapop_table[x->op].name,
                 "map program", k, "has an unknown step");
            arity = mapop_table[x->op].arity;
            NEED(x->a < ready && (arity < 2 || x->b < ready) &&
                     (arity < 3 || x->c < ready),
                 "map program", k, "reads a register before it is set");
            NEED(x->dst >= m->inputs + m->constants && x->dst <= ready &&
                     x->dst < m->registers,
                 "map program", k, "writes a register that it may not");
            if (x->dst == ready)
                ready++;
        }
    }
}

/* Operations to evaluate it in the walk. */
static uint32_t walk_weight(const struct verify *v, uint32_t expr)
{
    return v->plan->exprs.items[expr].slots ? v->weight[expr] : 1;
}

static void verify_operands(struct verify *v)
{
    const struct plan *p = v->plan;
    uint64_t work = 0;
    uint32_t k;

    for (k = 0; k < p->operands.count; k++) {
        const struct plan_operand *x = &p->operands.items[k];
        NEED(in(x->matrix, p->matrices.count), "operand", k, "has no matrix");
        NEED(x->flags < 128, "operand", k, "has unknown flags");
        NEED(x->mode >= MODE_READ && x->mode <= MODE_BOTH, "operand", k,
             "has no mode");
        if (x->flags & OPERAND_ALL)
            continue;
        NEED(number(v, x->i, NUMBER_INT, 0) && number(v, x->j, NUMBER_INT, 0),
             "operand", k, "has no tile");
        work += walk_weight(v, x->i) + walk_weight(v, x->j);
        NEED(work <= most_work, "operand", k, "has too long an index");
        if (!(x->flags & OPERAND_RUN))
            continue;
        NEED(number(v, x->i_end, NUMBER_INT, 0) &&
                 number(v, x->j_end, NUMBER_INT, 0),
             "operand", k, "has a run without end");
        work += walk_weight(v, x->i_end) + walk_weight(v, x->j_end);
    }
}

static void verify_map_task(struct verify *v, uint32_t entry)
{
    const struct plan *p = v->plan;
    const struct plan_entry *e = &p->entries.items[entry];
    const struct plan_map *m;
    uint32_t reads;

    NEED(in(e->a, p->maps.count), "entry", entry, "has no map program");
    m = &p->maps.items[e->a];
    reads = e->operands - 1 +
            (p->operands.items[e->first_operand].mode == MODE_BOTH);
    NEED(reads + e->args == m->inputs, "entry", entry,
         "has another number of operands than its map program");
}

/* Position >= from of an argument that hangs on slots; e->args: none. */
static uint32_t slot_arg(const struct plan *p, const struct plan_entry *e,
                         uint32_t from)
{
    while (from < e->args &&
           !p->exprs.items[p->args.items[e->first_arg + from]].slots)
        from++;
    return from;
}

/* A line's numbers that hang on slots are the task's arguments that do, in
 * the same order: so they travel with the task. */
static void verify_text_task(struct verify *v, uint32_t entry)
{
    const struct plan *p = v->plan;
    const struct plan_entry *e = &p->entries.items[entry];
    uint32_t k, at = slot_arg(p, e, 0);

    NEED(e->kernel != KERNEL_CHECK || e->operands >= 1, "entry", entry,
         "tests nothing");
    NEED(in(e->b, p->texts.count), "entry", entry, "has no text");
    for (k = 0; k < p->texts.items[e->b].count; k++) {
        const struct plan_part *x =
            &p->parts.items[p->texts.items[e->b].first + k];
        NEED(x->kind != PART_OPERAND || x->value < e->operands, "entry", entry,
             "prints an operand that it does not have");
        if (x->kind != PART_EXPR || !p->exprs.items[x->value].slots)
            continue;
        NEED(at < e->args && p->args.items[e->first_arg + at] == x->value,
             "entry", entry, "prints a number that it does not have");
        at = slot_arg(p, e, at + 1);
    }
    NEED(at == e->args, "entry", entry, "has a number that it never prints");
}

static void verify_store(struct verify *v, uint32_t entry)
{
    const struct plan *p = v->plan;
    const struct plan_entry *e = &p->entries.items[entry];
    const uint32_t *args = &p->args.items[e->first_arg];
    const struct plan_expr *output = &p->exprs.items[args[0]];

    NEED(output->op == EXPR_INT &&
             (uint64_t)output->value.integer < p->outputs.count,
         "entry", entry, "stores to no output");
    NEED(p->operands.items[e->first_operand].matrix ==
             p->outputs.items[output->value.integer].matrix,
         "entry", entry, "stores a matrix that is not its output's");
    NEED(number(v, args[1], NUMBER_INT, 0) && number(v, args[2], NUMBER_INT, 0),
         "entry", entry, "stores to no tile");
}

static void verify_task(struct verify *v, uint32_t entry)
{
    const struct plan *p = v->plan;
    const struct plan_entry *e = &p->entries.items[entry];
    const struct kernel_info *info;
    uint32_t k;

    NEED(e->kernel > 0 && e->kernel < KERNEL_COUNT &&
             kernel_table[e->kernel].name,
         "entry", entry, "needs an unknown kernel");
    info = &kernel_table[e->kernel];
    NEED((e->flags & ~info->flags) == 0, "entry", entry,
         "has flags that its kernel does not take");
    NEED(kernel_takes(e->kernel, e->operands) && e->operands < 256, "entry",
         entry, "has another number of operands than its kernel");
    NEED((info->args < 0 || (uint32_t)info->args == e->args) &&
             e->args <= LONGEST,
         "entry", entry, "has another number of arguments than its kernel");
    for (k = 0; k < e->operands; k++) {
        const struct plan_operand *x = &p->operands.items[e->first_operand + k];
        char mode = kernel_mode(e->kernel, k);
        NEED(x->mode == MODE_READ    ? mode == 'r' || mode == 'R'
             : x->mode == MODE_WRITE ? mode != 'r' && mode != 'R'
             : x->mode == MODE_BOTH  ? mode == 'x' || mode == 'X'
                                     : 0,
             "entry", entry, "has an operand of the wrong mode");
        NEED(!(x->flags & OPERAND_ALL), "entry", entry,
             "has a whole matrix as an operand");
        NEED(!(x->flags & OPERAND_RUN) || (mode >= 'A' && mode <= 'Z'), "entry",
             entry, "has a run where its kernel takes a tile");
        NEED(!(x->flags & (OPERAND_TRANS | OPERAND_ROW | OPERAND_COL |
                           OPERAND_SCALAR | OPERAND_CONJ)) ||
                 (kernel_maps(e->kernel) && x->mode == MODE_READ),
             "entry", entry, "has an operand with flags of map");
    }
    for (k = 0; k < e->args; k++) {
        uint32_t arg = p->args.items[e->first_arg + k];
        NEED(in(arg, p->exprs.count), "entry", entry,
             "has an argument that is no number");
    }
    if (kernel_maps(e->kernel))
        verify_map_task(v, entry);
    else if (e->kernel == KERNEL_PRINT || e->kernel == KERNEL_CHECK)
        verify_text_task(v, entry);
    else if (e->kernel == KERNEL_STORE)
        verify_store(v, entry);
}

/* Slot of an enclosing LOOP?  Its value belongs to the loop. */
static int slot_taken(const struct verify *v, uint32_t slot)
{
    uint32_t k;

    for (k = 0; k < v->depth; k++) {
        const struct plan_entry *e = &v->plan->entries.items[v->open[k]];
        if (e->kind == ENTRY_LOOP && e->a == slot)
            return 1;
    }
    return 0;
}

static void verify_slot(struct verify *v, uint32_t entry, uint32_t slot,
                        int type)
{
    NEED(in(slot, v->plan->slots.count), "entry", entry, "has no slot");
    NEED(!slot_taken(v, slot), "entry", entry, "changes a loop's counter");
    NEED(type < 0 || v->plan->slots.items[slot].type == type, "entry", entry,
         "has a slot of the wrong type");
}

static uint32_t entry_operands(uint8_t kind)
{
    switch (kind) {
    case ENTRY_ALIAS: return 2;
    case ENTRY_FETCH:
    case ENTRY_RELEASE: return 1;
    default: return 0;
    }
}

/* Operand n of an entry that is no task. */
static void operand_of(struct verify *v, uint32_t entry, uint32_t n, int mode,
                       int flags)
{
    uint32_t k = v->plan->entries.items[entry].first_operand + n;
    const struct plan_operand *x = &v->plan->operands.items[k];

    NEED(x->mode == mode, "entry", entry, "has an operand of the wrong mode");
    NEED(!(x->flags & ~flags), "entry", entry,
         "has an operand with flags that it may not have");
}

static void verify_entry(struct verify *v, uint32_t k)
{
    const struct plan *p = v->plan;
    const struct plan_entry *e = &p->entries.items[k];

    NEED(range(e->first_operand, e->operands, p->operands.count) &&
             range(e->first_arg, e->args, p->args.count) &&
             in_or_none(e->subject, p->strings.count) &&
             in_or_none(e->place, p->places.count),
         "entry", k, "is out of range");
    NEED(e->kind == ENTRY_TASK ||
             (e->args == 0 && e->operands == entry_operands(e->kind)),
         "entry", k, "has another number of operands than its kind");
    switch (e->kind) {
    case ENTRY_LOOP:
        verify_slot(v, k, e->a, NUMBER_INT);
        NEED(number(v, e->b, NUMBER_INT, 0) && number(v, e->c, NUMBER_INT, 0) &&
                 number(v, e->d, NUMBER_INT, 0),
             "entry", k, "has no bounds");
        break;
    case ENTRY_IF:
    case ENTRY_ASSERT:
        NEED(number(v, e->a, NUMBER_BOOL, 0), "entry", k, "has no test");
        NEED(e->kind == ENTRY_IF || in(e->b, p->texts.count), "entry", k,
             "has no text");
        break;
    case ENTRY_ELSE:
    case ENTRY_REPEAT: break;
    case ENTRY_BREAK:
    case ENTRY_CONTINUE:
        NEED(e->a >= 1 && e->a <= v->loops, "entry", k,
             "leaves more loops than there are");
        break;
    case ENTRY_SET:
        NEED(in(e->b, p->exprs.count), "entry", k, "has no value");
        verify_slot(v, k, e->a, p->exprs.items[e->b].type);
        break;
    case ENTRY_FETCH:
        verify_slot(v, k, e->a, -1);
        operand_of(v, k, 0, MODE_READ, 0);
        break;
    case ENTRY_TASK: verify_task(v, k); break;
    case ENTRY_ALIAS:
        operand_of(v, k, 0, MODE_WRITE, 0);
        operand_of(v, k, 1, MODE_READ, 0);
        break;
    case ENTRY_RELEASE:
        operand_of(v, k, 0, MODE_READ, OPERAND_RUN | OPERAND_ALL);
        break;
    default: NEED(0, "entry", k, "is of an unknown kind");
    }
}

static void verify_entries(struct verify *v)
{
    const struct plan *p = v->plan;
    uint32_t k;

    for (k = 0; k < p->entries.count && !v->failed; k++) {
        const struct plan_entry *e = &p->entries.items[k];
        int body = e->kind == ENTRY_LOOP || e->kind == ENTRY_IF ||
                   e->kind == ENTRY_ELSE || e->kind == ENTRY_REPEAT;
        uint32_t limit;
        while (v->depth && p->entries.items[v->open[v->depth - 1]].end == k) {
            uint8_t kind = p->entries.items[v->open[--v->depth]].kind;
            v->loops -= kind == ENTRY_LOOP || kind == ENTRY_REPEAT;
            /* the outermost that ends here decides */
            v->if_end = kind == ENTRY_IF ? k : PLAN_NONE;
        }
        verify_entry(v, k);
        if (!body) {
            NEED(e->end == k + 1, "entry", k, "has a body");
            continue;
        }
        limit = v->depth ? p->entries.items[v->open[v->depth - 1]].end
                         : p->entries.count;
        NEED(e->end > k && e->end <= limit, "entry", k,
             "ends outside of what it is in");
        NEED(e->kind != ENTRY_ELSE || v->if_end == k, "entry", k,
             "is an else without if");
        if (e->kind == ENTRY_IF && e->end == k + 1)
            v->if_end = k + 1;
        NEED(v->depth < DEEPEST, "entry", k, "is nested too deeply");
        if (e->end > k + 1) {
            v->open[v->depth++] = k;
            v->loops += e->kind == ENTRY_LOOP || e->kind == ENTRY_REPEAT;
        } else {
            NEED(e->kind != ENTRY_REPEAT, "entry", k, "never ends");
        }
    }
}

enum tm_status plan_verify(const struct plan *plan, struct tm_error *error)
{
    struct verify v = {.plan = plan, .error = error, .if_end = PLAN_NONE};
    jmp_buf outer;

    memcpy(&outer, &plan->arena->failed, sizeof outer);
    if (setjmp(plan->arena->failed)) {
        memcpy(&plan->arena->failed, &outer, sizeof outer);
        return error_set(error, TM_EMEMORY, "out of memory");
    }
    verify_tables(&v);
    if (!v.failed)
        verify_exprs(&v);
    if (!v.failed)
        verify_params(&v);
    if (!v.failed)
        verify_matrices(&v);
    if (!v.failed)
        verify_texts(&v);
    if (!v.failed)
        verify_maps(&v);
    if (!v.failed)
        verify_operands(&v);
    if (!v.failed)
        verify_entries(&v);
    memcpy(&plan->arena->failed, &outer, sizeof outer);
    return v.failed ? TM_EFILE : TM_OK;
}
