/* A profile as a table, as JSON, and as a trace.
 *
 * Rows are made of the lanes' sums: tasks of one kernel that come from one
 * line of the script are one row, and so are the loads of an input. */
#include "base/diag.h"
#include "runtime/profile.h"

#include <inttypes.h>
#include <stdlib.h>

struct row {
    const struct plan_place *at; /* NULL: nobody knows */
    const char *kernel, *kind;   /* kind: "task", "load", "source" */
    struct profile_sum sum;
    uint64_t line_time; /* of all rows of the line */
};

struct totals { /* of all threads */
    uint64_t times[LANE_STATES];
    uint64_t all, reading, making, writing; /* loads, sources, stores */
    double tasks, flops;
};

static double seconds(uint64_t time)
{
    return 1e-9 * (double)time;
}

static uint64_t phase_time(const struct profile *p, int phase)
{
    uint64_t end = p->phases[phase + 1];

    return end > p->phases[phase] ? end - p->phases[phase] : 0;
}

/* ---- rows --------------------------------------------------------------- */

static struct profile_sum sum_of(const struct profile *p, uint32_t what)
{
    struct profile_sum sum = {0};
    int k;

    for (k = 0; k < p->threads; k++) {
        const struct profile_sum *part = &p->lanes[k].sums[what];
        sum.jobs += part->jobs;
        sum.flops += part->flops;
        sum.bytes += part->bytes;
        sum.time += part->time;
    }
    return sum;
}

/* What lane->sums[what] is about. */
static struct row row_of(const struct plan *plan, uint32_t what)
{
    static const char *const rules[] = {"",      "fill", "eye", "rand",
                                        "randn", "spd",  "list"};
    const struct plan_entry *e = &plan->entries.items[what];
    const struct plan_matrix *m;

    if (what < plan->entries.count)
        return (struct row){.at = plan_script_place(plan, e->place),
                            .kernel = kernel_table[e->kernel].name,
                            .kind = "task"};
    m = &plan->matrices.items[what - plan->entries.count];
    return (struct row){.at = plan_script_place(plan, m->place),
                        .kernel =
                            m->kind == MATRIX_INPUT ? "load" : rules[m->rule],
                        .kind = m->kind == MATRIX_INPUT ? "load" : "source"};
}

static int by_place(const struct row *x, const struct row *y)
{
    if (!x->at || !y->at)
        return !!y->at - !!x->at;
    if (x->at->source != y->at->source)
        return x->at->source < y->at->source ? -1 : 1;
    return (x->at->line > y->at->line) - (x->at->line < y->at->line);
}

static int by_row(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = by_place(x, y);

    return order ? order : strcmp(x->kernel, y->kernel);
}

/* The line that took longest first, and in it the kernel. */
static int by_time(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = by_place(x, y);

    if (order && x->line_time != y->line_time)
        return x->line_time < y->line_time ? 1 : -1;
    if (order)
        return order;
    if (x->sum.time != y->sum.time)
        return x->sum.time < y->sum.time ? 1 : -1;
    return strcmp(x->kernel, y->kernel);
}

static uint32_t rows_join(struct row *rows, uint32_t count)
{
    uint32_t k, joined = 0;

    qsort(rows, count, sizeof *rows, by_row);
    for (k = 0; k < count; k++) {
        struct row *last = &rows[joined ? joined - 1 : 0];
        if (!joined || by_row(last, &rows[k])) {
            rows[joined++] = rows[k];
            continue;
        }
        last->sum.jobs += rows[k].sum.jobs;
        last->sum.flops += rows[k].sum.flops;
        last->sum.bytes += rows[k].sum.bytes;
        last->sum.time += rows[k].sum.time;
    }
    return joined;
}

/* The caller frees it; NULL: none, or out of memory. */
static struct row *rows_new(const struct profile *p, uint32_t *count)
{
    const struct plan *plan = p->binding->plan;
    uint32_t all = plan->entries.count + plan->matrices.count, k, n;
    struct row *rows = calloc((size_t)all + 1, sizeof *rows);

    *count = 0;
    for (k = 0; rows && k < all; k++) {
        struct profile_sum sum = sum_of(p, k);
        if (!sum.jobs)
            continue;
        rows[*count] = row_of(plan, k);
        rows[(*count)++].sum = sum;
    }
    if (!*count) {
        free(rows);
        return NULL;
    }
    *count = rows_join(rows, *count);
    for (k = 0; k < *count; k = n) {
        uint64_t time = 0;
        for (n = k; n < *count && !by_place(&rows[k], &rows[n]); n++)
            time += rows[n].sum.time;
        while (n-- > k)
            rows[n].line_time = time;
        for (n = k; n < *count && !by_place(&rows[k], &rows[n]); n++)
            ;
    }
    qsort(rows, *count, sizeof *rows, by_time);
    return rows;
}

static struct totals totals_of(const struct profile *p)
{
    const struct plan *plan = p->binding->plan;
    struct totals t = {0};
    uint32_t n;
    int k;

    for (k = 0; k < p->threads; k++)
        for (n = 0; n < LANE_OVER; n++) {
            t.times[n] += p->lanes[k].times[n];
            t.all += p->lanes[k].times[n];
        }
    for (n = 0; n < plan->entries.count + plan->matrices.count; n++) {
        struct profile_sum sum = sum_of(p, n);
        if (n >= plan->entries.count) {
            uint32_t m = n - plan->entries.count;
            int input = plan->matrices.items[m].kind == MATRIX_INPUT;
            *(input ? &t.reading : &t.making) += sum.time;
            continue;
        }
        t.tasks += sum.jobs;
        t.flops += sum.flops;
        if (plan->entries.items[n].kernel == KERNEL_STORE)
            t.writing += sum.time;
    }
    return t;
}

/* The line of the script without its indent; NULL: the plan has no text. */
static const char *line_text(const struct plan *plan,
                             const struct plan_place *at, size_t *length)
{
    uint32_t text = at ? plan->sources.items[at->source].text : PLAN_NONE;
    const char *line;
    uint32_t n;

    *length = 0;
    if (text == PLAN_NONE)
        return NULL;
    line = plan_string(plan, text);
    for (n = 1; line && n < at->line; n++) {
        line = strchr(line, '\n');
        line += !!line;
    }
    if (!line)
        return NULL;
    line += strspn(line, " \t");
    *length = strcspn(line, "\r\n");
    return line;
}

static uint64_t fetch_time(const struct profile *p)
{
    return p->fetches.times[LANE_WAIT];
}

static uint64_t lost(const struct profile *p)
{
    uint64_t sum = p->fetches.lost;
    int k;

    for (k = 0; k < p->threads; k++)
        sum += p->lanes[k].lost;
    return sum;
}

/* ---- the table ---------------------------------------------------------- */

static void show_rate(FILE *out, double amount, uint64_t time)
{
    if (amount > 0 && time)
        fprintf(out, " %7.2f", amount / (double)time);
    else
        fprintf(out, " %7s", "");
}

static void show_sum(FILE *out, const char *kernel,
                     const struct profile_sum *sum, uint64_t all)
{
    fprintf(out, " %-15s %9.0f %10.4f %5.1f%%", kernel, sum->jobs,
            seconds(sum->time),
            all ? 100 * (double)sum->time / (double)all : 0);
    show_rate(out, sum->flops, sum->time);
    show_rate(out, sum->bytes, sum->time);
}

static void show_place(FILE *out, const struct plan *plan,
                       const struct plan_place *at)
{
    size_t length;
    const char *line = line_text(plan, at, &length);

    /* bytes that are no text are not for a terminal */
    for (; line && length; line++, length--)
        putc((unsigned char)*line < ' ' ? ' ' : *line, out);
    if (at && !line)
        fputs(plan_string(plan, plan->sources.items[at->source].name), out);
}

/* The rows of one line; with several there is a sum above them. */
static void show_line(FILE *out, const struct plan *plan,
                      const struct row *rows, uint32_t count, uint64_t all)
{
    struct profile_sum sum = {0};
    uint32_t k;

    for (k = 0; k < count; k++) {
        sum.jobs += rows[k].sum.jobs;
        sum.flops += rows[k].sum.flops;
        sum.bytes += rows[k].sum.bytes;
        sum.time += rows[k].sum.time;
    }
    if (rows->at)
        fprintf(out, "%5" PRIu32, rows->at->line);
    else
        fprintf(out, "%5s", "?");
    show_sum(out, count > 1 ? "" : rows->kernel, &sum, all);
    fputs("  ", out);
    show_place(out, plan, rows->at);
    putc('\n', out);
    for (k = 0; count > 1 && k < count; k++) {
        fprintf(out, "%5s", "");
        show_sum(out, rows[k].kernel, &rows[k].sum, all);
        putc('\n', out);
    }
}

static void show_state(FILE *out, const char *name, uint64_t time, uint64_t all)
{
    fprintf(out, "%5s %-25s %10.4f %5.1f%%\n", "", name, seconds(time),
            all ? 100 * (double)time / (double)all : 0);
}

/* "2", or "1.2": the second thread of worker 1. */
static void lane_name(const struct lane *lane, char *name, size_t size)
{
    if (lane->worker < 0)
        snprintf(name, size, "%d", lane->thread + 1);
    else
        snprintf(name, size, "%d.%d", lane->worker, lane->thread + 1);
}

static void show_threads(FILE *out, const struct profile *p)
{
    int k;

    fputs("thread     tasks and loads    handing out      unfolding        "
          "waiting\n",
          out);
    for (k = 0; k < p->threads; k++) {
        const uint64_t *times = p->lanes[k].times;
        char name[40];
        if (!p->lanes[k].since)
            continue;
        lane_name(&p->lanes[k], name, sizeof name);
        fprintf(out, "%6s %18.4f s %12.4f s %12.4f s %12.4f s\n", name,
                seconds(times[LANE_WORK]), seconds(times[LANE_HAND]),
                seconds(times[LANE_WALK]), seconds(times[LANE_WAIT]));
    }
}

void profile_text(const struct profile *p, FILE *out)
{
    const struct plan *plan = p->binding->plan;
    struct totals t = totals_of(p);
    uint32_t count, k, n;
    struct row *rows = rows_new(p, &count);
    uint64_t run = phase_time(p, PROFILE_RUN);

    fprintf(out, "%5s %-15s %9s %10s %6s %7s %7s\n", "line", "kernel", "tasks",
            "seconds", "share", "GFLOP/s", "GB/s");
    for (k = 0; k < count; k = n) {
        for (n = k; n < count && !by_place(&rows[k], &rows[n]); n++)
            ;
        show_line(out, plan, &rows[k], n - k, t.all);
    }
    show_state(out, "handing out tasks", t.times[LANE_HAND], t.all);
    show_state(out, "unfolding the plan", t.times[LANE_WALK], t.all);
    show_state(out, "waiting", t.times[LANE_WAIT], t.all);
    show_threads(out, p);
    fprintf(out,
            "%.0f tasks, %.4g GF in %.4f s: %.2f GFLOP/s; for %.4f s the plan "
            "waited for a computed number\n",
            t.tasks, t.flops / 1e9, seconds(run),
            run ? t.flops / (double)run : 0, seconds(fetch_time(p)));
    fprintf(out,
            "before that %.4f s to open, after it %.4f s to finish files; "
            "reading %.4f s, writing %.4f s of the threads\n",
            seconds(phase_time(p, PROFILE_OPEN)),
            seconds(phase_time(p, PROFILE_CLOSE)), seconds(t.reading),
            seconds(t.writing));
    free(rows);
}

/* ---- JSON --------------------------------------------------------------- */

static void put_text(FILE *out, const char *text)
{
    diag_json_string(out, text, strlen(text));
}

static void put_place(FILE *out, const struct plan *plan,
                      const struct plan_place *at)
{
    size_t length;
    const char *line = line_text(plan, at, &length);

    fputs("\"file\":", out);
    if (at)
        put_text(out, plan_string(plan, plan->sources.items[at->source].name));
    else
        fputs("null", out);
    if (at)
        fprintf(out, ",\"line\":%" PRIu32, at->line);
    else
        fputs(",\"line\":null", out);
    fputs(",\"text\":", out);
    if (line)
        diag_json_string(out, line, length);
    else
        fputs("null", out);
}

static void put_states(FILE *out, const uint64_t *times)
{
    fprintf(out,
            "\"work\":%.9f,\"handing_out\":%.9f,\"unfolding\":%.9f,"
            "\"waiting\":%.9f}",
            seconds(times[LANE_WORK]), seconds(times[LANE_HAND]),
            seconds(times[LANE_WALK]), seconds(times[LANE_WAIT]));
}

void profile_json(const struct profile *p, FILE *out)
{
    const struct plan *plan = p->binding->plan;
    struct totals t = totals_of(p);
    uint32_t count, k;
    struct row *rows = rows_new(p, &count);
    const char *comma = "";
    int n;

    fprintf(out,
            "{\"open\":%.9f,\"run\":%.9f,\"close\":%.9f,\"reading\":%.9f,"
            "\"writing\":%.9f,\"sources\":%.9f,\"number_waits\":%.9f,"
            "\"tasks\":%.0f,\"flops\":%.17g,\"rows\":[",
            seconds(phase_time(p, PROFILE_OPEN)),
            seconds(phase_time(p, PROFILE_RUN)),
            seconds(phase_time(p, PROFILE_CLOSE)), seconds(t.reading),
            seconds(t.writing), seconds(t.making), seconds(fetch_time(p)),
            t.tasks, t.flops);
    for (k = 0; k < count; k++) {
        const struct row *row = &rows[k];
        fputs(k ? ",{" : "{", out);
        put_place(out, plan, row->at);
        fprintf(out,
                ",\"kind\":\"%s\",\"kernel\":\"%s\",\"tasks\":%.0f,"
                "\"seconds\":%.9f,\"flops\":%.17g,\"bytes\":%.17g}",
                row->kind, row->kernel, row->sum.jobs, seconds(row->sum.time),
                row->sum.flops, row->sum.bytes);
    }
    fputs("],\"threads\":[", out);
    for (n = 0; n < p->threads; n++)
        if (p->lanes[n].since) {
            fprintf(out, "%s{", comma);
            if (p->lanes[n].worker >= 0)
                fprintf(out, "\"worker\":%d,", p->lanes[n].worker);
            fprintf(out, "\"seconds\":%.9f,",
                    seconds(p->lanes[n].since - p->lanes[n].begin));
            put_states(out, p->lanes[n].times);
            comma = ",";
        }
    fputs("]}\n", out);
    free(rows);
}

/* ---- the trace ---------------------------------------------------------- */

enum { TRACK_RUN = 0 }; /* threads are tracks 1 ..., then the walker's */

struct trace {
    const struct profile *profile;
    FILE *out;
    const char *comma;
};

/* Microseconds since the execution began, with all digits. */
static void put_time(FILE *out, const char *key, uint64_t time)
{
    fprintf(out, ",\"%s\":%" PRIu64 ".%03" PRIu64, key, time / 1000,
            time % 1000);
}

static void put_slice(struct trace *t, int track, const char *name,
                      const char *kind, uint64_t begin, uint64_t end)
{
    uint64_t zero = t->profile->phases[PROFILE_OPEN];

    fprintf(t->out,
            "%s\n{\"ph\":\"X\",\"pid\":1,\"tid\":%d,\"name\":", t->comma,
            track);
    put_text(t->out, name);
    fprintf(t->out, ",\"cat\":\"%s\"", kind);
    put_time(t->out, "ts", begin - zero);
    put_time(t->out, "dur", end - begin);
    t->comma = ",";
}

static void put_track(struct trace *t, int track, const char *name)
{
    fprintf(t->out,
            "%s\n{\"ph\":\"M\",\"pid\":1,\"tid\":%d,\"name\":\"thread_name\","
            "\"args\":{\"name\":\"%s\"}},\n"
            "{\"ph\":\"M\",\"pid\":1,\"tid\":%d,"
            "\"name\":\"thread_sort_index\",\"args\":{\"sort_index\":%d}}",
            t->comma, track, name, track, track);
    t->comma = ",";
}

/* "C[0,1]" */
static void put_tiles(struct trace *t, const struct profile_event *event)
{
    const struct binding *b = t->profile->binding;
    char text[300];
    int k;

    fputs(",\"tiles\":[", t->out);
    for (k = 0; k < event->tile_count; k++) {
        struct bind_tile at = binding_tile_at(b, event->tiles[k]);
        const struct plan_matrix *m = &b->plan->matrices.items[at.matrix];
        snprintf(text, sizeof text, "%s[%" PRId64 ",%" PRId64 "]",
                 plan_string(b->plan, m->name), at.i, at.j);
        fputs(k ? "," : "", t->out);
        put_text(t->out, text);
    }
    fputs("]", t->out);
}

static void put_job(struct trace *t, int track,
                    const struct profile_event *event)
{
    const struct plan *plan = t->profile->binding->plan;
    struct row row = row_of(plan, event->what);
    int output = !strcmp(row.kernel, kernel_table[KERNEL_STORE].name);

    put_slice(t, track, row.kernel,
              output                     ? "output"
              : strcmp(row.kind, "load") ? row.kind
                                         : "input",
              event->begin, event->end);
    fputs(",\"args\":{", t->out);
    put_place(t->out, plan, row.at);
    fprintf(t->out, ",\"task\":%" PRIu64 ",\"flops\":%.17g", event->number,
            event->flops);
    put_tiles(t, event);
    fputs("}}", t->out);
}

static void put_lane(struct trace *t, int track, const struct lane *lane,
                     const char *const *names)
{
    const struct profile_chunk *chunk;
    uint32_t k;

    for (chunk = lane->first; chunk; chunk = chunk->next)
        for (k = 0; k < chunk->count; k++) {
            const struct profile_event *event = &chunk->events[k];
            if (event->what != PLAN_NONE) {
                put_job(t, track, event);
                continue;
            }
            put_slice(t, track, names[event->state], "runtime", event->begin,
                      event->end);
            fputs("}", t->out);
        }
}

void profile_trace(const struct profile *p, FILE *out)
{
    static const char *const phases[] = {"open", "run", "finish files"};
    static const char *const states[] = {
        [LANE_WALK] = "unfold", [LANE_WAIT] = "wait"};
    static const char *const fetches[] = {[LANE_WAIT] =
                                              "wait for a computed number"};
    struct trace t = {p, out, ""};
    char name[60] = "thread ";
    int k;

    fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[", out);
    put_track(&t, TRACK_RUN, "run");
    for (k = 0; k < PROFILE_PHASES; k++) {
        if (!phase_time(p, k))
            continue;
        put_slice(&t, TRACK_RUN, phases[k], "runtime", p->phases[k],
                  p->phases[k + 1]);
        fputs("}", out);
    }
    for (k = 0; k < p->threads; k++) {
        if (!p->lanes[k].since)
            continue;
        lane_name(&p->lanes[k], name + 7, sizeof name - 7);
        put_track(&t, k + 1, name);
        put_lane(&t, k + 1, &p->lanes[k], states);
    }
    put_track(&t, p->threads + 1, "plan");
    put_lane(&t, p->threads + 1, &p->fetches, fetches);
    fprintf(out, "\n],\"otherData\":{\"lost_events\":%" PRIu64 "}}\n", lost(p));
}
