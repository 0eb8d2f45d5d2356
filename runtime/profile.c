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

struct profile *profile_new(const struct binding *binding, int threads,
                            int trace, uint64_t opened)
{
    const struct plan *plan = binding->plan;
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
    for (k = 0; p->lanes && k < threads; k++) {
        p->lanes[k].profile = p;
        p->lanes[k].sums =
            calloc((size_t)plan->entries.count + plan->matrices.count + 1,
                   sizeof *p->lanes[k].sums);
        if (!p->lanes[k].sums)
            break;
    }
    if (p->lanes && k == threads)
        return p;
    profile_free(p);
    return NULL;
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
