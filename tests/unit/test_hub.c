/* Two hubs over ipc: many small messages at once arrive once and in order, and
 * none is turned away for want of room, however slowly they are read. */
#include "runtime/hub.h"
#include "tests/unit/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MESSAGES = 3000, PUMPS = 4 };

static void put_number(struct hub *hub, int peer, uint32_t number)
{
    struct wire_writer w = {0};

    wire_begin(&w, WIRE_REPORT, 1);
    if (!wire_room(&w, 4))
        put_u32(&w, number);
    hub_put(hub, peer, &w);
}

static int admit(void *user, const unsigned char *bytes, size_t size,
                 char address[NET_NAME])
{
    (void)bytes;
    (void)size;
    strcpy(address, user);
    return 1;
}

/* Of one message after several pumps, more have come than are taken. */
static int read_one(struct hub *hub, uint32_t expected, int *wrong)
{
    struct hub_message message;
    struct wire_reader r;
    struct tm_error error;
    enum wire_kind kind;
    uint16_t sender;
    int k;

    error_clear(&error);
    for (k = 0; k < PUMPS; k++)
        hub_pump(hub, &error);
    if (!hub_receive(hub, &message))
        return 0;
    *wrong |=
        !wire_open(&r, message.in.bytes, message.in.size, &kind, &sender) ||
        get_u32(&r) != expected || error.status;
    hub_done(&message);
    return 1;
}

/* A process reaches so many others and no more; each is three descriptors. */
static void test_most(const char *address)
{
    struct rlimit limit;
    struct tm_error error;
    struct hub *hub;
    int k;

    error_clear(&error);
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    hub = hub_open(address, 1, 1000, NULL, &error);
    if (!hub || limit.rlim_cur < 4 * HUB_PEERS) {
        printf("# no descriptors for %d others\n", HUB_PEERS);
        hub_close(hub);
        return;
    }
    for (k = 0; k < HUB_PEERS && hub_add(hub, address, 0, &error) == k; k++)
        ;
    CHECK(k == HUB_PEERS);
    CHECK(hub_add(hub, address, 0, &error) < 0);
    printf("# %s\n", error.text);
    CHECK(strstr(error.text, "more than 511 other processes") != NULL);
    hub_close(hub);
}

int main(void)
{
    char folder[] = "/tmp/test_hub-XXXXXX", a[NET_NAME], b[NET_NAME];
    struct hub *from, *to;
    struct tm_error error;
    uint32_t k, got = 0;
    int peer, wrong = 0;

    error_clear(&error);
    CHECK(mkdtemp(folder) != NULL);
    snprintf(a, sizeof a, "ipc://%s/a", folder);
    snprintf(b, sizeof b, "ipc://%s/b", folder);
    from = hub_open(a, 1, 1000, NULL, &error);
    to = hub_open(b, 2, 1000, NULL, &error);
    CHECK(from && to);
    hub_admit(to, admit, a);
    peer = hub_add(from, b, 0, &error);
    put_number(from, peer, 0); /* alone: it says who sends */
    while (hub_waiting(from, peer)) {
        hub_pump(from, &error);
        got += (uint32_t)read_one(to, got, &wrong);
    }
    for (k = 1; k < MESSAGES; k++)
        put_number(from, peer, k);
    while (got < MESSAGES && !wrong) {
        hub_pump(from, &error);
        got += (uint32_t)read_one(to, got, &wrong);
    }
    CHECK(got == MESSAGES && !wrong && !error.status);
    CHECK(hub_bad(to) == 0);
    hub_close(from);
    hub_close(to);
    test_most(a);
    unlink(a + 6);
    unlink(b + 6);
    CHECK(!rmdir(folder));
    return CHECK_END();
}
