/* Collecting what profile_print.c shows.  A state ends where the next begins:
 * one reading of the clock a task. */
#include "runtime/profile.h"

#include <stdlib.h>
#include <time.h>

enum {
    EVENTS_MOST = 1 << 22, /* of all threads together: 320 MB */
    STATE_LEAST = 1000     /* ns: shorter states are not worth an event */
};

uint64_t profile_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static size_t sums_of(const struct profile *p)
{
    const struct plan *plan = p->binding->plan;

    return (size_t)plan->entries.count + plan->matrices.count;
}

static int lane_init(struct lane *lane, struct profile *p, int worker,
                     int thread)
{
    *lane = (struct lane){.profile = p, .worker = worker, .thread = thread};
    lane->sums = calloc(sums_of(p) + 1, sizeof *lane->sums);
    return lane->sums ? 0 : -1;
}

static void lane_fini(struct lane *lane)
{
    struct profile_chunk *chunk;

    while ((chunk = lane->first)) {
        lane->first = chunk->next;
        free(chunk);
    }
    free(lane->sums);
}

struct profile *profile_new(const struct binding *binding, int threads,
                            int trace, uint64_t opened)
{
    struct profile *p = calloc(1, sizeof *p);
    int k;

    if (!p)
        return NULL;
    p->binding = binding;
    p->threads = threads;
    p->trace = trace;
    p->chunks_most = EVENTS_MOST / CHUNK_EVENTS / (uint32_t)threads + 1;
    p->phases[PROFILE_OPEN] = opened;
    p->fetches.profile = p;
    p->lanes = calloc((size_t)threads, sizeof *p->lanes);
    for (k = 0; p->lanes && k < threads; k++)
        if (lane_init(&p->lanes[k], p, -1, k))
            break;
    if (p->lanes && k == threads)
        return p;
    profile_free(p);
    return NULL;
}

void profile_free(struct profile *p)
{
    int k;

    if (!p)
        return;
    for (k = 0; p->lanes && k < p->threads; k++)
        lane_fini(&p->lanes[k]);
    lane_fini(&p->fetches);
    free(p->lanes);
    free(p);
}

void profile_phase(struct profile *p, enum profile_phase phase)
{
    if (p)
        p->phases[phase] = profile_clock();
}

int profile_ran(const struct profile *p)
{
    return p->phases[PROFILE_RUN] != 0;
}

struct lane *profile_lane(struct profile *p, int thread)
{
    return p ? &p->lanes[thread] : NULL;
}

/* Room for one more event, or NULL. */
static struct profile_event *event_new(struct lane *lane)
{
    struct profile_chunk *chunk = lane->last;

    if (!lane->profile->trace)
        return NULL;
    if (!chunk || chunk->count == CHUNK_EVENTS) {
        chunk = lane->chunks < lane->profile->chunks_most
                    ? malloc(sizeof *chunk)
                    : NULL;
        if (!chunk) {
            lane->lost++;
            return NULL;
        }
        chunk->next = NULL;
        chunk->count = 0;
        *(lane->last ? &lane->last->next : &lane->first) = chunk;
        lane->last = chunk;
        lane->chunks++;
    }
    return &chunk->events[chunk->count++];
}

static void add_state(struct lane *lane, enum lane_state state, uint64_t begin,
                      uint64_t end)
{
    struct profile_event *event =
        end - begin < STATE_LEAST ? NULL : event_new(lane);

    if (event)
        *event = (struct profile_event){.begin = begin,
                                        .end = end,
                                        .what = PLAN_NONE,
                                        .state = (uint8_t)state};
}

void lane_enter_now(struct lane *lane, enum lane_state state)
{
    uint64_t now = profile_clock();

    if (!lane->since) {
        lane->begin = now;
    } else {
        lane->times[lane->state] += now - lane->since;
        if (lane->state == LANE_WALK || lane->state == LANE_WAIT)
            add_state(lane, lane->state, lane->since, now);
    }
    lane->state = state;
    lane->since = now;
}

void profile_fetch(struct profile *p, int waits)
{
    if (p)
        lane_enter_now(&p->fetches, waits ? LANE_WAIT : LANE_HAND);
}

/* Bytes of the tiles that it read and wrote, counted as work_add() does, and
 * its first tiles. */
static double job_tiles(const struct binding *b, const struct job *job,
                        uint32_t *tiles, uint8_t *count)
{
    double sum = 0;
    uint32_t k;

    *count = 0;
    for (k = 0; k < job->operands; k++) {
        const struct job_operand *x = &job->operand[k];
        struct bind_tile at =
            binding_tile_at(b, x->to ? x->out_tile : x->in_tile);
        int times = !!x->to + (x->from && !(x->flags & JOB_FRESH));
        sum += times * (double)job_tile_bytes(b, &at);
        if (k < EVENT_TILES)
            tiles[(*count)++] = x->to ? x->out_tile : x->in_tile;
    }
    return sum;
}

void lane_job_now(struct lane *lane, const struct job *job)
{
    const struct binding *b = lane->profile->binding;
    uint64_t now = profile_clock();
    struct profile_event *event;
    struct profile_sum *sum;
    uint32_t tiles[EVENT_TILES], what = job->entry;
    uint8_t count;
    double bytes = job_tiles(b, job, tiles, &count);

    if (job->load)
        what = b->plan->entries.count + binding_tile_at(b, tiles[0]).matrix;
    sum = &lane->sums[what];
    sum->jobs++;
    sum->flops += job->flops;
    sum->bytes += bytes;
    sum->time += now - lane->since;
    event = event_new(lane);
    if (event) {
        *event = (struct profile_event){.begin = lane->since,
                                        .end = now,
                                        .number = job->number,
                                        .flops = job->flops,
                                        .what = what,
                                        .tile_count = count,
                                        .state = LANE_WORK};
        memcpy(event->tiles, tiles, sizeof tiles);
    }
    lane->times[LANE_WORK] += now - lane->since;
    lane->since = now;
}

/* ---- of another process ------------------------------------------------- */

/*   u64 clock, u32 lanes, each
 *     u64 begin, u64 since, u64 lost, u64 times (one a state),
 *     u32 sums, each u32 what, f64 jobs, flops, bytes, u64 time
 *     u32 events, each u64 begin, end, number, f64 flops, u32 what,
 *       u32 tiles (four), u8 tile count, u8 state */
enum { SUM_BYTES = 36, EVENT_BYTES = 54 };

static void put_sums(const struct lane *lane, struct wire_writer *w)
{
    size_t all = sums_of(lane->profile), k;
    uint32_t count = 0;

    for (k = 0; k < all; k++)
        count += lane->sums[k].jobs > 0;
    if (wire_room(w, 4 + (size_t)count * SUM_BYTES))
        return;
    put_u32(w, count);
    for (k = 0; k < all; k++) {
        const struct profile_sum *sum = &lane->sums[k];
        if (!(sum->jobs > 0))
            continue;
        put_u32(w, (uint32_t)k);
        put_f64(w, sum->jobs);
        put_f64(w, sum->flops);
        put_f64(w, sum->bytes);
        put_u64(w, sum->time);
    }
}

static void put_event(const struct profile_event *event, struct wire_writer *w)
{
    int k;

    put_u64(w, event->begin);
    put_u64(w, event->end);
    put_u64(w, event->number);
    put_f64(w, event->flops);
    put_u32(w, event->what);
    for (k = 0; k < EVENT_TILES; k++)
        put_u32(w, k < event->tile_count ? event->tiles[k] : 0);
    put_u8(w, event->tile_count);
    put_u8(w, event->state);
}

static void put_events(const struct lane *lane, struct wire_writer *w)
{
    const struct profile_chunk *chunk;
    uint32_t count = 0, k;

    for (chunk = lane->first; chunk; chunk = chunk->next)
        count += chunk->count;
    if (wire_room(w, 4 + (size_t)count * EVENT_BYTES))
        return;
    put_u32(w, count);
    for (chunk = lane->first; chunk; chunk = chunk->next)
        for (k = 0; k < chunk->count; k++)
            put_event(&chunk->events[k], w);
}

void profile_put(const struct profile *p, struct wire_writer *w)
{
    int k, n;

    if (wire_room(w, 12))
        return;
    put_u64(w, profile_clock());
    put_u32(w, (uint32_t)p->threads);
    for (k = 0; k < p->threads; k++) {
        const struct lane *lane = &p->lanes[k];
        if (wire_room(w, 24 + 8 * LANE_STATES))
            return;
        put_u64(w, lane->begin);
        put_u64(w, lane->since);
        put_u64(w, lane->lost);
        for (n = 0; n < LANE_STATES; n++)
            put_u64(w, lane->times[n]);
        put_sums(lane, w);
        put_events(lane, w);
    }
}

static void get_sums(struct lane *lane, struct wire_reader *r)
{
    uint32_t count = get_u32(r), k;

    for (k = 0; k < count && !r->failed; k++) {
        uint32_t what = get_u32(r);
        struct profile_sum sum = {.jobs = get_f64(r)};
        sum.flops = get_f64(r);
        sum.bytes = get_f64(r);
        sum.time = get_u64(r);
        if (what < sums_of(lane->profile))
            lane->sums[what] = sum;
        else
            r->failed = 1;
    }
}

static struct profile_event get_event(const struct profile *p,
                                      struct wire_reader *r, uint64_t later)
{
    struct profile_event event = {.begin = get_u64(r) + later};
    int k;

    event.end = get_u64(r) + later;
    event.number = get_u64(r);
    event.flops = get_f64(r);
    event.what = get_u32(r);
    for (k = 0; k < EVENT_TILES; k++) {
        event.tiles[k] = get_u32(r);
        r->failed |= event.tiles[k] && event.tiles[k] >= p->binding->tiles;
    }
    event.tile_count = get_u8(r);
    event.state = get_u8(r);
    r->failed |= event.end < event.begin || event.tile_count > EVENT_TILES ||
                 event.state >= LANE_STATES ||
                 (event.what != PLAN_NONE && event.what >= sums_of(p)) ||
                 (event.what == PLAN_NONE && event.state == LANE_WORK);
    return event;
}

/* later: what its clock is behind this process's. */
static void get_events(struct lane *lane, struct wire_reader *r, uint64_t later)
{
    uint32_t count = get_u32(r), k;

    for (k = 0; k < count && !r->failed; k++) {
        struct profile_event event = get_event(lane->profile, r, later);
        struct profile_event *kept = r->failed ? NULL : event_new(lane);
        if (kept)
            *kept = event;
    }
}

static void get_lane(struct lane *lane, struct wire_reader *r, uint64_t later)
{
    int n;

    lane->begin = get_u64(r);
    lane->since = get_u64(r);
    lane->begin += lane->since ? later : 0;
    lane->since += lane->since ? later : 0;
    lane->lost = get_u64(r);
    for (n = 0; n < LANE_STATES; n++)
        lane->times[n] = get_u64(r);
    get_sums(lane, r);
    get_events(lane, r, later);
}

static int by_worker(const void *left, const void *right)
{
    const struct lane *a = left, *b = right;

    return a->worker != b->worker ? a->worker - b->worker
                                  : a->thread - b->thread;
}

/* Workers end in any order; their lanes stand in that of their numbers. */
int profile_get(struct profile *p, struct wire_reader *r, int worker)
{
    uint64_t later = profile_clock() - get_u64(r);
    uint32_t count = get_u32(r), k;
    struct lane *grown;

    if (!wire_has(r, (size_t)count * (24 + 8 * LANE_STATES + 8)))
        return -1;
    grown = realloc(p->lanes, ((size_t)p->threads + count) * sizeof *grown);
    if (!grown)
        return -1;
    p->lanes = grown;
    for (k = 0; k < count && !r->failed; k++) {
        struct lane *lane = &grown[p->threads];
        if (lane_init(lane, p, worker, (int)k))
            return -1;
        p->threads++;
        get_lane(lane, r, later);
    }
    qsort(p->lanes, (size_t)p->threads, sizeof *p->lanes, by_worker);
    return r->failed ? -1 : 0;
}
