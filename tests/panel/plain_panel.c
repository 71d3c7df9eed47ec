/* SPDX-License-Identifier: Apache-2.0 */
/* A panel in plain C11, without the SDK, as a vendor might write it. What it knows stands in its
 * one triangle, where the test reads it: vertex 0: events, replayed events, inputs, the view's
 * number; vertex 1: draws, presses, its space's clock in s modulo 100000; vertex 2: keep-outs, and
 * the last one's x, y and width. */
#include <beaconwall/panel.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef PLAIN_ABI
#define PLAIN_ABI BW_ABI_VERSION
#endif

enum kind { PLAIN, TICKER, SILENT, THREADED, CRASHER, LOOPER, DAWDLER, SHORT };

struct plain {
    bw_panel_t abi;
    const bw_host_t* host;
    uint64_t handle;
    enum kind kind;
    bool started;
    int events, replayed, inputs, presses, draws, view;
    bw_vertex_t vertices[6];
    uint32_t indices[3];
    uint16_t indices16[3];
    bw_draw_command_t command;
};

static const bw_ext_events_t* events_of(const bw_host_t* host) {
    return host->get_extension(host, BW_EXT_EVENTS);
}

static void* subscribe_elsewhere(void* context) {
    struct plain* self = context;
    events_of(self->host)->subscribe(self->host, self->handle, "x.forbidden.v1/");
    return NULL;
}

static void configure(bw_panel_t* panel, const bw_pane_config_t* config) {
    struct plain* self = panel->context;
    const char* number = strstr(config->view, "\"n\":");
    self->view = number != NULL ? atoi(number + 4) : 0;
    if (self->started) return;
    self->started = true;
    if (self->kind == THREADED) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, subscribe_elsewhere, self) == 0)
            pthread_join(thread, NULL);
    }
    events_of(self->host)->subscribe(self->host, self->handle, "x.plain.v1/");
}

/* Works and works: three quarters of a second, or for ever. */
static void work(bool ends) {
    struct timespec now, began;
    clock_gettime(CLOCK_MONOTONIC, &began);
    do clock_gettime(CLOCK_MONOTONIC, &now);
    while (!ends ||
           (now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000 < 750);
}

static bool event(bw_panel_t* panel, const bw_event_t* event) {
    struct plain* self = panel->context;
    if (self->kind == CRASHER) abort();
    if (self->kind == LOOPER || self->kind == DAWDLER) work(self->kind == DAWDLER);
    if (event->replayed) ++self->replayed;
    ++self->events;
    return strstr(event->data, "\"quiet\":true") == NULL;
}

static bool input(bw_panel_t* panel, const bw_input_t* input) {
    struct plain* self = panel->context;
    ++self->inputs;
    bool press = input->type == BW_INPUT_PRESS;
    if (press || input->type == BW_INPUT_SCROLL)
        events_of(self->host)
            ->command(self->host, self->handle, "x.plain.go.v1", "thing/1", "{\"a\": 1}");
    if (!press) return false;
    ++self->presses;
    const bw_ext_view_t* view = self->host->get_extension(self->host, BW_EXT_VIEW);
    char json[64];
    snprintf(json, sizeof json, "{\"n\": %d}", self->presses);
    view->save(self->host, self->handle, json);
    return true;
}

static bool draw(bw_panel_t* panel, bw_draw_list_t* out) {
    struct plain* self = panel->context;
    const bw_ext_clock_t* clock = self->host->get_extension(self->host, BW_EXT_CLOCK);
    ++self->draws;
    if (self->kind == SILENT) return false;
    if (self->kind == TICKER) out->next_draw_ns = clock->mono_ns(self->host) + 30000000;
    const bw_ext_keepouts_t* keepouts = self->host->get_extension(self->host, BW_EXT_KEEPOUTS);
    uint32_t count = 0;
    const bw_keepout_t* bare = keepouts->get(self->host, self->handle, &count);
    bw_keepout_t last = {0, 0, 0, 0};
    if (count > 0) last = bare[count - 1];
    float seconds = (float)(clock->space_wall_ns(self->host) / 1000000000 % 100000);
    bw_vertex_t vertices[3] = {{(float)self->events, (float)self->replayed, (float)self->inputs,
                                (float)self->view, 0xFFFFFFFFu},
                               {(float)self->draws, (float)self->presses, seconds, 0, 0xFFFFFFFFu},
                               {(float)count, last.x, last.y, last.width, 0xFFFFFFFFu}};
    const uint32_t before = self->kind == SHORT ? 3 : 0; /* vertices that its offset leaves out */
    memcpy(self->vertices + before, vertices, sizeof vertices);
    for (uint16_t i = 0; i < 3; ++i) self->indices[i] = self->indices16[i] = i;
    bw_draw_command_t command = {0, 0, 640, 480, 0, 0, 3, -1, before};
    self->command = command;
    out->vertices = self->vertices;
    if (self->kind == SHORT)
        out->indices16 = self->indices16;
    else
        out->indices = self->indices;
    out->commands = &self->command;
    out->vertex_count = 3 + before;
    out->index_count = 3;
    out->command_count = 1;
    return true;
}

static void destroy(bw_panel_t* panel) {
    free(panel->context);
}

static bool init(const bw_host_t* host) {
    return host->abi_version == BW_ABI_VERSION &&
           host->get_extension(host, "beaconwall.unknown/1") == NULL;
}

static void deinit(void) {}

static bw_panel_t* create(const bw_host_t* host, uint64_t handle, const char* panel_id) {
    static const char* const names[] = {"plain",   "ticker", "silent",  "threaded",
                                        "crasher", "looper", "dawdler", "short"};
    for (int kind = PLAIN; kind <= SHORT; ++kind) {
        if (strcmp(panel_id, names[kind]) != 0) continue;
        struct plain* self = calloc(1, sizeof *self);
        if (self == NULL) return NULL;
        self->host = host;
        self->handle = handle;
        self->kind = (enum kind)kind;
        bw_panel_t abi = {self, configure, event, input, draw, destroy};
        self->abi = abi;
        return &self->abi;
    }
    return NULL;
}

#ifdef PLAIN_EXTRA_EXPORT
int one_symbol_too_many(void);
int one_symbol_too_many(void) {
    return 1;
}
#endif

extern const bw_panel_entry_t beaconwall_panel_entry;
__attribute__((visibility("default")))
const bw_panel_entry_t beaconwall_panel_entry = {PLAIN_ABI, init, deinit, create};
