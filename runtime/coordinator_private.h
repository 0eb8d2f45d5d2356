/* What coordinator.c and coordinator_lost.c share. */
#ifndef RUNTIME_COORDINATOR_PRIVATE_H
#define RUNTIME_COORDINATOR_PRIVATE_H

#include "runtime/coordinator.h"
#include "runtime/recover.h"
#include "runtime/set.h"

struct version {
    struct set readers; /* workers that know it, but for its owner */
    uint32_t open;      /* operands of unfinished tasks that touch it, ... */
    uint32_t remote;    /* those of them that read it away from its owner */
    uint16_t owner;     /* or WIRE_NOBODY: no task made it */
    uint8_t closed;     /* no later task reads it */
    uint8_t shut;       /* and its owner knows */
    uint8_t kept;       /* it stays for a while even if it is closed: */
    uint8_t close_due;  /* it will be then */
};

/* An unfinished task in ten bytes; its operands are with its worker. */
struct slot {
    uint32_t number; /* its lower half: see slot_number() */
    uint32_t entry;
    uint16_t worker; /* WIRE_NOBODY: it is done */
} __attribute__((packed, aligned(2)));

struct line {
    struct line *next;
    char *text;
};

struct text { /* a line that was printed before its turn */
    uint64_t number;
    char *line; /* owned */
};

struct standing { /* of a worker, by its last answer */
    uint32_t running, ready;
    uint32_t tasks;   /* unfinished */
    uint32_t waiters; /* of them that miss this version: */
    uint32_t tile;
    uint64_t writer;
    uint64_t bytes; /* of tiles that have come */
    uint8_t known;  /* it has answered */
    uint8_t still;  /* nothing to do, and none since the answer before */
};

struct peer { /* a worker */
    struct wire_writer batch;
    uint32_t batch_tasks;
    uint8_t alive;
    uint8_t open;    /* it is in the list of open batches */
    uint8_t held;    /* it has answered to RESET */
    uint8_t leaving; /* gets nothing new */
    uint8_t asked;   /* how it stands */
    uint8_t released;
    uint64_t alone;  /* task that it runs alone, or 0 */
    uint32_t moving; /* versions that others still take from it */
    struct standing standing;
};

struct suspect { /* a task that was with a worker when it was lost */
    uint64_t number;
    uint32_t entry;
    uint32_t losses;  /* with others */
    uint32_t strikes; /* alone */
};

struct keep { /* a version that is to have a second place */
    uint64_t writer;
    uint32_t handle;
    uint16_t worker; /* the place */
    uint16_t leaves; /* the one that has it now and goes, or WIRE_NOBODY */
};

struct keep_list {
    struct keep *items;
    uint32_t count, space;
};

struct coordinator {
    const struct binding *binding;
    const float *costs;
    struct walker *walker;
    struct peer *peers;
    uint32_t peer_count, peer_space;
    uint16_t *open; /* workers whose batch has something in it */
    uint32_t open_count;
    uint16_t *able; /* workers that get tasks, in order */
    uint32_t able_count, alive_count;
    /* cells of a block-cyclic grid: which worker has new tiles */
    uint16_t *cells; /* WIRE_NOBODY: whoever, by the tile's number */
    uint8_t *moved;  /* its tiles are to go there */
    uint8_t joined;  /* some are */
    uint32_t cell_rows, cell_cols;
    uint32_t window;               /* a power of two */
    struct slot *slots;            /* ring of unfinished tasks, by number */
    uint32_t head, tail;           /* oldest; next to be used */
    struct version *versions;
    uint32_t version_space;
    struct set_pool sets;
    uint64_t next; /* task to be unfolded */
    /* What was ever done, whichever walk it was in: all below settled, and of
     * those below `known` the ones whose bit is set. */
    uint64_t *ever; /* ring of bits, by number */
    uint64_t ever_space, settled, known; /* ever_space: a power of two */
    struct text *texts; /* by number, from text_first on */
    uint32_t text_first, text_count, text_space;
    uint64_t limit;  /* the run is over at this number */
    double *answers; /* to the walker's tests */
    uint64_t answer_count, answer_space, answer_next;
    uint32_t wait;                     /* handle that a VALUE must answer */
    uint8_t waiting, answered, walked; /* walked: no more will come */
    /* losing workers */
    uint32_t epoch;
    uint32_t unheld;    /* workers whose HELD is missing; no walk then */
    uint8_t muted;      /* handles hold no more, or not yet */
    uint8_t patient;    /* waits when there is no worker */
    uint8_t recovering; /* the walk is not yet where it was: */
    uint64_t steps;     /* this far */
    uint8_t pausing, paused; /* for a checkpoint: coordinator_save.c */
    uint8_t restoring;       /* workers do not hold yet what was saved */
    uint64_t done_then;      /* tasks done at the last one */
    struct recover recover;
    struct suspect *suspects; /* by number */
    uint32_t suspect_count, suspect_space;
    /* second copies: coordinator_keep.c */
    uint8_t keeps;                /* the plan has tests on data */
    struct keep_list wanted;      /* KEPT is missing */
    struct keep_list fresh;       /* written since the last point */
    struct keep_list kept;        /* for the last point, and for the one */
    struct keep_list kept_before; /* before while copies are missing: */
    uint32_t kept_missing;        /* so many */
    uint64_t keep_from;           /* first task behind the first test */
    double keep_work;             /* work that was handed out, in flops, */
    double keep_cost;             /* and was at the last point */
    uint64_t repeated;
    double cost_repeated;
    struct wire_outbox outbox;
    struct line *lines, **last_line;
    struct tm_error error; /* of task number `failed` */
    uint64_t failed;
    uint8_t broken; /* out of memory, or out of workers */
    uint64_t bad, done;
    double cost_done, cost_total;
};

/* ---- coordinator.c ------------------------------------------------------ */

void coordinate_no_memory(struct coordinator *c);
void coordinate_fail(struct coordinator *c, uint64_t number,
                     const struct tm_error *error);
/* A worker's open batch with room for so many bytes more, or NULL: there is
 * nobody to be told anything. */
struct wire_writer *coordinate_batch(struct coordinator *c, uint16_t worker,
                                     size_t bytes);
void coordinate_close(struct coordinator *c, uint16_t worker, uint32_t handle);
/* No reader away from the owner is unfinished, and none will come. */
void version_shut(struct coordinator *c, uint32_t handle);
void version_settle(struct coordinator *c, uint32_t handle);
/* No later task reads it.  told: the worker that learns it with the task
 * that overwrites it, or WIRE_NOBODY. */
void version_close(struct coordinator *c, uint32_t handle, uint16_t told);
uint16_t coordinate_home(const struct coordinator *c, uint32_t tile);

static inline uint64_t *ever_word(const struct coordinator *c, uint64_t number)
{
    return &c->ever[(number & (c->ever_space - 1)) / 64];
}

static inline int coordinate_done(const struct coordinator *c, uint64_t number)
{
    return number < c->settled ||
           (number < c->known && *ever_word(c, number) >> number % 64 & 1);
}

static inline struct slot *slot_at(const struct coordinator *c, uint32_t at)
{
    return &c->slots[at & (c->window - 1)];
}

/* The window spans less than SLOT_SPAN numbers, and `next` is behind it. */
enum { SLOT_SPAN = 1u << 31 };

static inline uint64_t slot_number(const struct coordinator *c,
                                   const struct slot *slot)
{
    return c->next - (uint32_t)((uint32_t)c->next - slot->number);
}

/* The line of a task that is not settled.  0, or out of memory. */
int coordinate_text(struct coordinator *c, uint64_t number, char *line);
/* NULL: it has none. */
const char *coordinate_line(const struct coordinator *c, uint64_t number);

/* ---- coordinator_lost.c ------------------------------------------------- */

/* Room for one more worker: its number, or -1. */
int peer_new(struct coordinator *c);
/* A new epoch: all workers are asked what they hold. */
void lost_begin(struct coordinator *c);
/* Who gets tasks; call when workers come or go. */
void peers_count(struct coordinator *c);
/* The task was done before, or nothing needs it: it is not handed out. */
int lost_skips(const struct coordinator *c, uint64_t number);
/* A version of a task that is not handed out: those who hold it take it. */
void lost_adopt(struct coordinator *c, uint32_t handle);
/* The walk has gone on. */
void lost_walked(struct coordinator *c);
int lost_alone(const struct coordinator *c, uint64_t number);
int read_held(struct coordinator *c, uint16_t from, struct wire_reader *r);
int read_alone(struct coordinator *c, uint16_t from, struct wire_reader *r);
/* Workers that leave, and of which nobody takes anything, may go. */
void lost_release(struct coordinator *c);

/* ---- coordinator_still.c ------------------------------------------------ */

int read_state(struct coordinator *c, uint16_t from, struct wire_reader *r);

/* ---- coordinator_keep.c ------------------------------------------------- */

void keep_init(struct coordinator *c);
void keep_fini(struct coordinator *c);
void keep_forget(struct coordinator *c); /* handles hold no more */
/* A task that was handed out: what it works on, and its flops. */
void keep_worked(struct coordinator *c, const struct walk_operand *operands,
                 uint32_t count, double cost);
/* A task that was handed out writes it. */
void keep_written(struct coordinator *c, uint32_t handle, uint64_t number);
/* The walk has come to a test that waits for a value. */
void keep_point(struct coordinator *c);
void keep_end(struct coordinator *c); /* the walk is over */
/* worker is to take it from another: from, which then leaves or does not. */
void keep_ask(struct coordinator *c, uint32_t handle, uint16_t worker,
              uint16_t from, uint16_t leaves);
int read_kept(struct coordinator *c, uint16_t from, struct wire_reader *r);

#endif
