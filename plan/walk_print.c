/* tmc --emit=tasks and --emit=dot: the plan unfolded at bound sizes. */
#include "plan/walk.h"
#include "base/error.h"

static void print_version(FILE *out, const struct binding *b,
                          const struct walker *w, uint32_t handle, int written)
{
    const struct walk_version *v = walk_version(w, handle);
    struct bind_tile t = binding_tile_at(b, v->tile);

    fprintf(out, "%s[%lld,%lld]",
            plan_string(b->plan, b->plan->matrices.items[t.matrix].name),
            (long long)t.i, (long long)t.j);
    if (v->writer && !written)
        fprintf(out, "@%llu", (unsigned long long)v->writer);
}

static void print_flags(FILE *out, uint8_t flags)
{
    static const struct {
        uint8_t flag;
        const char *name;
    } names[] = {{KF_TA, "ta"},       {KF_TB, "tb"},     {KF_RIGHT, "right"},
                 {KF_UPPER, "upper"}, {KF_UNIT, "unit"}, {KF_MIRROR, "mirror"},
                 {KF_CA, "ca"},       {KF_CB, "cb"}};
    size_t k;
    const char *between = "[";

    for (k = 0; k < sizeof names / sizeof *names; k++)
        if (flags & names[k].flag) {
            fprintf(out, "%s%s", between, names[k].name);
            between = ",";
        }
    if (*between == ',')
        fputc(']', out);
}

static void print_args(FILE *out, const struct binding *b,
                       const struct walk_batch *batch,
                       const struct walk_task *task)
{
    const struct plan_entry *e = &b->plan->entries.items[task->entry];
    double args[256];
    char text[40];
    uint32_t k;

    if (!e->args || e->args > 256)
        return;
    walk_args(b, task->entry, batch->values + task->first_value, args);
    if (e->args == 1 && args[0] == 1 && e->kernel <= KERNEL_TRMM)
        return; /* alpha = 1 */
    for (k = 0; k < e->args; k++) {
        number_text(args[k], TM_F64, text, sizeof text);
        fprintf(out, "%s%s", k || task->operands ? ", " : "", text);
    }
}

/* Does the task's operand k update a tile?  Of a run each tile is one. */
static int updates(const struct plan *plan, const struct walk_batch *batch,
                   const struct walk_task *task, uint32_t k)
{
    const struct plan_entry *e = &plan->entries.items[task->entry];
    const struct plan_operand *x = &plan->operands.items[e->first_operand];
    const union plan_value *lengths =
        batch->values + task->first_value + walk_slot_args(plan, task->entry);
    uint32_t n;

    if (task->values == walk_slot_args(plan, task->entry))
        return x[k].mode == MODE_BOTH; /* no runs */
    for (n = 0; k >= (uint64_t)lengths[n].integer; n++)
        k -= (uint32_t)lengths[n].integer;
    return x[n].mode == MODE_BOTH;
}

/* 12: C[0,1] = gemm(C[0,1]@11, A[0,2], B[2,1])  # script.tm:9 */
static void print_task(FILE *out, const struct binding *b,
                       const struct walker *w, const struct walk_batch *batch,
                       uint32_t index)
{
    const struct walk_task *task = &batch->tasks[index];
    const struct walk_operand *o = &batch->operands[task->first_operand];
    const struct plan_entry *e = &b->plan->entries.items[task->entry];
    const struct plan_place *place = plan_script_place(b->plan, e->place);
    const char *between = "";
    uint32_t k;

    fprintf(out, "%llu: ", (unsigned long long)(batch->first + index));
    for (k = 0; k < task->operands; k++)
        if (o[k].out) {
            fputs(between, out);
            print_version(out, b, w, o[k].out, 1);
            between = ", ";
        }
    fprintf(out, "%s%s", *between ? " = " : "", kernel_table[e->kernel].name);
    print_flags(out, e->flags);
    fputc('(', out);
    for (between = "", k = 0; k < task->operands; k++) {
        if (o[k].in & WALK_HANDLE) {
            fputs(between, out);
            print_version(out, b, w, o[k].in & WALK_HANDLE, 0);
            between = ", ";
        } else if (o[k].out && updates(b->plan, batch, task, k)) {
            fprintf(out, "%s0", between);
            between = ", ";
        }
    }
    print_args(out, b, batch, task);
    fputc(')', out);
    if (place)
        fprintf(out, "  # line %u", place->line);
    fputc('\n', out);
}

static void print_dot(FILE *out, const struct binding *b,
                      const struct walker *w, const struct walk_batch *batch,
                      uint32_t index)
{
    const struct walk_task *task = &batch->tasks[index];
    const struct walk_operand *o = &batch->operands[task->first_operand];
    unsigned long long number = batch->first + index;
    uint32_t k;

    fprintf(out, "  t%llu [label=\"%llu %s", number, number,
            kernel_table[b->plan->entries.items[task->entry].kernel].name);
    for (k = 0; k < task->operands; k++)
        if (o[k].out) {
            fputs("\\n", out);
            print_version(out, b, w, o[k].out, 1);
        }
    fputs("\"];\n", out);
    for (k = 0; k < task->operands; k++) {
        const struct walk_version *v = walk_version(w, o[k].in);
        if (!(o[k].in & WALK_HANDLE))
            continue;
        if (v->writer) {
            fprintf(out, "  t%llu -> t%llu;\n", (unsigned long long)v->writer,
                    number);
        } else {
            fputs("  \"", out);
            print_version(out, b, w, o[k].in & WALK_HANDLE, 0);
            fprintf(out, "\" -> t%llu;\n", number);
        }
    }
}

enum { MOST_WAITS = 1000 };

/* A computed number is not known without data: taken as 1, up to MOST_WAITS
 * times, since a loop may wait for another one. */
enum tm_status walk_print(FILE *out, const struct binding *binding, int dot,
                          struct tm_error *error)
{
    struct walker *w = walker_new(binding, NULL);
    const struct walk_batch *batch;
    enum tm_status status = TM_OK;
    uint32_t k, waits = 0;

    if (!w)
        return (enum tm_status)error_set(error, TM_EMEMORY, "out of memory");
    if (dot)
        fputs("digraph plan {\n  node [shape=box];\n", out);
    do {
        batch = walk_next(w, 1024, UINT64_MAX);
        for (k = 0; k < batch->count; k++)
            if (dot)
                print_dot(out, binding, w, batch, k);
            else
                print_task(out, binding, w, batch, k);
        for (k = 0; k < batch->close_count; k++)
            walk_recycle(w, batch->closes[k].handle);
        for (k = 0; k < batch->operand_count; k++)
            if (batch->operands[k].in & WALK_CLOSES)
                walk_recycle(w, batch->operands[k].in & WALK_HANDLE);
        if (batch->state == WALK_WAIT)
            walk_answer(w, 1);
        waits += batch->state == WALK_WAIT;
    } while (waits < MOST_WAITS &&
             (batch->state == WALK_MORE || batch->state == WALK_WAIT));
    if (dot)
        fputs("}\n", out);
    if (batch->state == WALK_FAILED) {
        *error = batch->error;
        status = (enum tm_status)error->status;
    }
    if (waits == MOST_WAITS)
        status = (enum tm_status)error_set(
            error, TM_EUSAGE,
            "no end after %d computed numbers: without data they are taken "
            "as 1",
            MOST_WAITS);
    walker_free(w);
    return status;
}
