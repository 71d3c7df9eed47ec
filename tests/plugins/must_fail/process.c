/* SPDX-License-Identifier: Apache-2.0 */
/* What any code can do to its own process. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "must_fail.h"

static volatile int* volatile nowhere; /* null, and the compiler does not know it */

void crash_now(struct bad* self, bw_draw_list_t* out) {
    (void)self;
    (void)out;
    *nowhere = 1;
}

void abort_now(struct bad* self, bw_draw_list_t* out) {
    (void)self;
    (void)out;
    abort();
}

void exit_now(struct bad* self, bw_draw_list_t* out) {
    (void)self;
    (void)out;
    _exit(0); /* as if all were well */
}

void loop(struct bad* self, bw_draw_list_t* out) {
    (void)self;
    (void)out;
    for (volatile unsigned n = 0;; ++n) {
    }
}

void deadlock(struct bad* self, bw_draw_list_t* out) {
    (void)self;
    (void)out;
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
}

/* Longer than a call may take, shorter than what is thought never to come back. */
void be_slow(struct bad* self, bw_draw_list_t* out) {
    const int64_t end = self->clock->mono_ns(self->host) + 400000000;
    while (self->clock->mono_ns(self->host) < end) {
    }
    self->restless = true;
    out->next_draw_ns = 1;
}

/* A little with each picture, so that no call takes long. It does not look at what malloc() says,
 * as many do not. */
void leak(struct bad* self, bw_draw_list_t* out) {
    for (int i = 0; i < 16; ++i) {
        char* volatile memory = malloc(1U << 20);
        memset(memory, 1, 1U << 20);
    }
    self->restless = true;
    out->next_draw_ns = 1;
}

/* Memory that malloc()'s limit does not see, or else malloc()'s. What it gets it keeps. */
void hoard(struct bad* self, bw_draw_list_t* out) {
    const size_t piece = 16U << 20;
    self->most -= 16;
    self->restless = self->most > 0;
    out->next_draw_ns = self->restless ? 1 : 0;
    if (self->most < 0) return;
    void* memory = mmap(NULL, piece, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) memory = malloc(piece);
    if (memory != NULL) memset(memory, 1, piece);
}

void take_descriptors(struct bad* self, bw_draw_list_t* out) {
    (void)self;
    (void)out;
    while (dup(2) >= 0) {
    }
}

static void* wait_for_ever(void* context) {
    (void)context;
    for (;;) sleep(1000);
    return NULL;
}

/* Their stacks are small: the limit of memory is none for them. */
void storm_with_threads(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1U << 16);
    for (int i = 0; i < 1000; ++i)
        if (pthread_create(&thread, &small, wait_for_ever, self) != 0) break;
    pthread_attr_destroy(&small);
}

static void* loop_aside(void* context) {
    loop(context, NULL);
    return NULL;
}

/* Behind a loop that turns as it should. */
void spin(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    pthread_t thread;
    for (int i = 0; i < self->most; ++i) (void)pthread_create(&thread, NULL, loop_aside, self);
}
