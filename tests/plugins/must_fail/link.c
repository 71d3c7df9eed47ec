/* SPDX-License-Identifier: Apache-2.0 */
/* What a hostile library does with what its process has: the sockets to the screen and to the
 * supervisor, and the memory shared with the screen, which is found by looking at every page. What
 * is written there is core/surface/layout.h and core/control/message.h, to the byte. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "must_fail.h"

enum { SUPERVISOR = 3, PAGE = 4096, SURFACES = 512, CONTROL = 0x42575331, SLOT = 0x42575350 };

struct block {
    _Atomic uint32_t word, generation;
    _Atomic int64_t as_of_ns, next_draw_ns;
    _Atomic uint64_t commits;
    _Atomic uint32_t source_state, reason;
    _Atomic int64_t next_try_ns, beat_ns, reserved;
};

static void begin(int threads, void* (*run)(void*), struct bad* self) {
    pthread_t id;
    while (threads-- > 0) (void)pthread_create(&id, NULL, run, self);
}

/* -- the sockets */

/* The one to the screen keeps packets apart, as the supervisor's does, which is known. */
static int screen(void) {
    for (int fd = SUPERVISOR + 1; fd < 256; ++fd) {
        int type = 0;
        socklen_t size = sizeof type;
        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET)
            return fd;
    }
    return -1;
}

static void* commits(void* context) {
    const uint32_t commit[6] = {0x4257534dU, 16, 0, 0, 0, 0};
    const int fd = screen();
    (void)context;
    for (;;) (void)send(fd, commit, sizeof commit, MSG_NOSIGNAL);
    return NULL;
}

void flood_with_commits(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    self->restless = true;
    begin(4, commits, self);
}

static void* beats(void* context) {
    uint32_t beat[128] = {0x42574331U, 17};
    (void)context;
    for (;;) (void)send(SUPERVISOR, beat, sizeof beat, MSG_NOSIGNAL);
    return NULL;
}

void flood_with_beats(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    begin(4, beats, self);
}

static void babble(int fd) {
    uint32_t words[32];
    memset(words, 0xA5, sizeof words);
    (void)send(fd, words, sizeof words, MSG_NOSIGNAL);
}

void babble_to_the_screen(struct bad* self, bw_draw_list_t* out) {
    (void)self;
    (void)out;
    babble(screen());
}

void babble_to_the_supervisor(struct bad* self, bw_draw_list_t* out) {
    (void)self;
    (void)out;
    babble(SUPERVISOR);
}

/* -- the shared memory */

/* The first word of a page, if there is one; the kernel says so instead of a signal. */
static bool peek(const int* pipe_fds, uintptr_t page, uint32_t* word) {
    if (write(pipe_fds[1], (const void*)page, sizeof *word) != (ssize_t)sizeof *word) return false;
    return read(pipe_fds[0], word, sizeof *word) == (ssize_t)sizeof *word;
}

/* Pages around this library that begin with `magic`; what is mapped later lies lower. */
static int find(uint32_t magic, void** found, int most) {
    int pipe_fds[2], count = 0;
    uint32_t word = 0;
    if (pipe2(pipe_fds, 0) != 0) return 0;
    const uintptr_t mib = 1U << 20, here = (uintptr_t)&beaconwall_panel_entry / PAGE * PAGE;
    for (uintptr_t page = here + 256 * mib; page > here - 2048 * mib && count < most; page -= PAGE)
        if (peek(pipe_fds, page, &word) && word == magic) found[count++] = (void*)page;
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    return count;
}

/* "All is new and well", an hour ahead, a thousand times a second. */
static void* vouch_for_ever(void* context) {
    struct bad* self = context;
    void* page = NULL;
    if (find(CONTROL, &page, 1) == 0) return NULL;
    struct block* blocks = (struct block*)page + 1; /* its head is as long */
    for (;;) {
        for (int i = 0; i < SURFACES; ++i) {
            if (atomic_load(&blocks[i].generation) == 0) continue;
            atomic_store(&blocks[i].as_of_ns, self->clock->mono_ns(self->host) + 3600000000000);
            atomic_store(&blocks[i].source_state, 0);
            atomic_store(&blocks[i].reason, 0);
        }
        self->lying = true;
        usleep(1000);
    }
    return NULL;
}

/* While it says so nothing of it is true any more. */
void lie(struct bad* self, bw_draw_list_t* out) {
    if (!self->restless) begin(1, vouch_for_ever, self);
    self->restless = true;
    out->next_draw_ns = 1;
    if (self->lying) loop(self, out);
}

/* Counts, an index and a coordinate of every slot, right and wrong by turns. */
static void* scribble(void* context) {
    void* slots[3];
    const int count = find(SLOT, slots, 3);
    (void)context;
    for (uint32_t turn = 0;; ++turn) {
        for (int i = 0; i < count; ++i) {
            volatile uint32_t* words = slots[i];
            volatile uint32_t* vertices = words + 32;
            volatile uint32_t* indices = vertices + 20;
            words[12] = turn % 2 != 0 ? 0x7FFFFFFFU : 4;
            words[14] = turn % 3 != 0 ? 0xFFFFFFFFU : 1;
            words[17] = turn % 11 != 0 ? 0 : 64; /* records of textures, beyond what is written */
            vertices[0] = turn % 5 != 0 ? 0x7FC00000U : 0;
            indices[0] = turn % 7 != 0 ? 0xFFFFFFFFU : 0;
        }
    }
    return NULL;
}

void rewrite(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    self->restless = true;
    begin(1, scribble, self);
}
