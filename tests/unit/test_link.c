/* Links over a bad channel: frames are lost, doubled, delayed and flipped, by
 * a seed; messages arrive once and in order, or the other side is lost. */
#include "runtime/link.h"
#include "tests/unit/check.h"

#include <stdlib.h>

enum { FRAMES = 4096, SIDES = 2 };

struct flying { /* a frame on its way */
    unsigned char *bytes;
    size_t size;
    double at;
    int to;
};

struct bench {
    struct link *links[SIDES];
    struct flying frames[FRAMES];
    int count, most;
    double now;
    uint64_t seed;
    int lose, twice, flip; /* of 100 */
    double delay;          /* at most */
    uint32_t sent[SIDES], got[SIDES];
    int wrong;
};

static uint32_t draw(struct bench *b)
{
    b->seed = b->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(b->seed >> 33);
}

static void fly(struct bench *b, const struct link_frame *f, int to)
{
    struct flying *x = &b->frames[b->count];

    if ((int)(draw(b) % 100) < b->lose || b->count == FRAMES)
        return;
    x->size = LINK_HEADER + f->size;
    x->bytes = malloc(x->size);
    memcpy(x->bytes, f->header, LINK_HEADER);
    memcpy(x->bytes + LINK_HEADER, f->bytes, f->size);
    if ((int)(draw(b) % 100) < b->flip)
        x->bytes[draw(b) % x->size] ^= (unsigned char)(1 << draw(b) % 8);
    x->at = b->now + b->delay * (draw(b) % 1000) / 1000;
    x->to = to;
    b->count++;
}

/* A message says who sent it, its number, and its own length. */
static void send(struct bench *b, int side, uint32_t size)
{
    struct wire_message *m = calloc(1, sizeof *m);
    uint32_t k;

    m->size = 12 + size;
    m->bytes = malloc(m->size);
    memcpy(m->bytes, &side, 4);
    memcpy(m->bytes + 4, &b->sent[side], 4);
    memcpy(m->bytes + 8, &size, 4);
    for (k = 0; k < size; k++)
        m->bytes[12 + k] = (unsigned char)(k * 7 + b->sent[side]);
    b->sent[side]++;
    link_send(b->links[side], m);
}

static void take(struct bench *b, int side)
{
    struct link_message m;
    int from, got;
    uint32_t number, size, k;

    for (;;) {
        got = link_take(b->links[side], &m);
        if (!got && !m.kept)
            return;
        if (got) {
            memcpy(&from, m.bytes, 4);
            memcpy(&number, m.bytes + 4, 4);
            memcpy(&size, m.bytes + 8, 4);
            b->wrong += from != 1 - side || number != b->got[1 - side] ||
                        m.size != 12 + (size_t)size;
            for (k = 0; k < size && !b->wrong; k++)
                b->wrong += m.bytes[12 + k] != (unsigned char)(k * 7 + number);
            b->got[1 - side]++;
        }
        free(m.kept);
        free(m.joined);
    }
}

static void tick(struct bench *b)
{
    struct link_frame f;
    int side, k;

    b->now += 0.001;
    for (side = 0; side < SIDES; side++)
        while (link_next(b->links[side], b->now, &f)) {
            fly(b, &f, 1 - side);
            link_sent(b->links[side], b->now, &f);
        }
    if (b->count > b->most)
        b->most = b->count;
    for (k = 0; k < b->count;) {
        struct flying x = b->frames[k];
        if (x.at > b->now) {
            k++;
            continue;
        }
        if ((int)(draw(b) % 100) < b->twice) { /* again, later */
            b->frames[k].bytes = malloc(x.size);
            memcpy(b->frames[k].bytes, x.bytes, x.size);
            b->frames[k].at = b->now + b->delay;
        } else {
            b->frames[k] = b->frames[--b->count];
        }
        if (!link_accept(b->links[x.to], x.bytes, x.size, b->now))
            free(x.bytes);
        take(b, x.to);
    }
}

static void bench_open(struct bench *b, uint64_t seed)
{
    struct link_setup one = {11, 22, 5}, other = {22, 0, 5};

    *b = (struct bench){.seed = seed};
    b->links[0] = link_new(&one, 0);
    b->links[1] = link_new(&other, 0);
}

static void bench_close(struct bench *b)
{
    int side, k;
    void *kept;

    for (k = 0; k < b->count; k++)
        free(b->frames[k].bytes);
    for (side = 0; side < SIDES; side++) {
        while ((kept = link_drain(b->links[side])))
            free(kept);
        link_free(b->links[side]);
    }
}

static int all_there(const struct bench *b)
{
    return b->got[0] == b->sent[0] && b->got[1] == b->sent[1];
}

/* One seed; 1: all came, in order, and nobody was lost. */
static int round_of(uint64_t seed)
{
    struct bench b;
    int k, good, ticks = 0, lost = 0;

    bench_open(&b, seed);
    b.lose = (int)(draw(&b) % 30);
    b.twice = (int)(draw(&b) % 20);
    b.flip = (int)(draw(&b) % 5);
    b.delay = 0.02 * (draw(&b) % 3);
    for (k = 0; k < 200; k++) {
        int side = (int)(draw(&b) % 2);
        send(&b, side, draw(&b) % (draw(&b) % 50 ? 200 : 3 * LINK_PIECE));
        if (draw(&b) % 4 == 0)
            tick(&b);
    }
    while (!all_there(&b) && ++ticks < 60000) {
        tick(&b);
        lost |= link_lost(b.links[0], b.now) | link_lost(b.links[1], b.now);
    }
    good = all_there(&b) && !b.wrong && !lost;
    if (!good)
        printf("seed %llu: %u of %u, %u of %u, %d wrong, lost %d\n",
               (unsigned long long)seed, b.got[0], b.sent[0], b.got[1],
               b.sent[1], b.wrong, lost);
    bench_close(&b);
    return good;
}

static void check_bad_channels(void)
{
    int seeds = getenv("TM_REPEAT") ? atoi(getenv("TM_REPEAT")) : 30;
    int k, good = 0;

    for (k = 1; k <= seeds; k++)
        good += round_of((uint64_t)k);
    CHECK(good == seeds);
}

static void check_silence(void)
{
    struct bench b;
    int k;

    bench_open(&b, 1);
    send(&b, 0, 10);
    for (k = 0; k < 60000; k++) /* a minute in which nothing is said */
        tick(&b);
    CHECK(all_there(&b));
    CHECK(!link_lost(b.links[0], b.now) && !link_lost(b.links[1], b.now));
    CHECK(link_repeats(b.links[0]) == 0);
    b.lose = 100;
    for (k = 0; k < 4900; k++) {
        tick(&b);
        link_lost(b.links[0], b.now);
    }
    CHECK(!link_lost(b.links[0], b.now));
    for (k = 0; k < 1500; k++) {
        tick(&b);
        link_lost(b.links[0], b.now);
    }
    CHECK(link_lost(b.links[0], b.now));
    b.lose = 0; /* back again, it stays lost */
    for (k = 0; k < 3000; k++)
        tick(&b);
    CHECK(link_lost(b.links[0], b.now));
    bench_close(&b);
}

/* A process that was stopped has not looked: the other is not to blame. */
static void check_stopped(void)
{
    struct bench b;

    bench_open(&b, 1);
    send(&b, 0, 10);
    for (int k = 0; k < 100; k++)
        tick(&b);
    CHECK(!link_lost(b.links[0], b.now));
    CHECK(!link_lost(b.links[0], b.now + 100));
    CHECK(link_lost(b.links[1], b.now + 0.1) == 0);
    bench_close(&b);
}

/* Frames for others, of others, and an earlier incarnation's. */
static void check_strangers(void)
{
    struct link_setup setup = {33, 44, 5}, old = {44, 33, 5},
                      next = {55, 33, 5};
    struct link *l = link_new(&setup, 0), *was = link_new(&old, 0);
    struct link *is = link_new(&next, 0);
    struct link_frame f;
    struct link_message m;
    struct bench b = {.links = {is, was}};
    unsigned char bytes[LINK_FRAME];

    send(&b, 0, 5);
    CHECK(link_next(is, 0, &f));
    memcpy(bytes, f.header, LINK_HEADER);
    memcpy(bytes + LINK_HEADER, f.bytes, f.size);
    CHECK(!link_accept(l, bytes, LINK_HEADER + f.size, 0));
    CHECK(!link_accept(l, bytes, 10, 0));
    CHECK(link_bad(l) == 2);
    send(&b, 1, 5);
    CHECK(link_next(was, 0, &f));
    memcpy(bytes, f.header, LINK_HEADER);
    memcpy(bytes + LINK_HEADER, f.bytes, f.size);
    CHECK(link_accept(l, bytes, LINK_HEADER + f.size, 0));
    CHECK(link_take(l, &m) && m.size == 17 && m.kept == bytes);
    CHECK(!link_accept(l, bytes, LINK_HEADER + f.size, 0)); /* twice */
    link_free(l);
    link_free(was);
    link_free(is);
}

static void check_window(void)
{
    struct bench b;
    size_t waiting;
    int k;

    bench_open(&b, 7);
    b.lose = 100;
    for (k = 0; k < 1000; k++)
        send(&b, 0, 88);
    waiting = link_waiting(b.links[0]);
    b.lose = 0;
    b.delay = 1000; /* nothing arrives */
    tick(&b);
    CHECK(b.count == LINK_WINDOW);
    CHECK(waiting == 1000 * 100 && link_waiting(b.links[0]) == waiting);
    bench_close(&b);
}

int main(void)
{
    check_bad_channels();
    check_silence();
    check_stopped();
    check_strangers();
    check_window();
    return CHECK_END();
}
