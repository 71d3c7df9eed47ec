/* SPDX-License-Identifier: Apache-2.0 */
/* A good panel that does one wrong thing when the environment says so: what the rules of `plugin
 * check` have to find. */
#define _GNU_SOURCE
#include <beaconwall/panel.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    bw_panel_t abi;
    const bw_host_t* host;
    uint64_t handle;
    bool subscribed, scrolled;
    float width, height;
    int events;
    bw_vertex_t vertices[3];
    uint32_t indices[3];
    bw_draw_command_t command;
} panel_t;

static bool wrong(const char* what) {
    const char* wanted = getenv("BAD_PANEL");
    return wanted != NULL && strcmp(wanted, what) == 0;
}

static const bw_ext_events_t* events_of(const bw_host_t* host) {
    return host->get_extension(host, BW_EXT_EVENTS);
}

static void* elsewhere(void* context) {
    panel_t* self = context;
    events_of(self->host)->subscribe(self->host, self->handle, "x.bad.v1/");
    return NULL;
}

static void configure(bw_panel_t* panel, const bw_pane_config_t* config) {
    panel_t* self = panel->context;
    self->width = (float)config->width;
    self->height = (float)config->height;
    if (self->subscribed) return;
    self->subscribed = true;
    const bw_ext_events_t* events = events_of(self->host);
    if (events == NULL && !wrong("extensions")) return;
    events->subscribe(self->host, self->handle, "x.bad.v1/");
    if (wrong("subscribes")) events->subscribe(self->host, self->handle, "beaconwall.other.v1/");
    pthread_t thread;
    if (wrong("threads") && pthread_create(&thread, NULL, elsewhere, self) == 0)
        pthread_join(thread, NULL);
    if (wrong("socket")) (void)!socket(AF_INET, SOCK_STREAM, 0);
}

static bool event(bw_panel_t* panel, const bw_event_t* event) {
    panel_t* self = panel->context;
    if (wrong("events") && strcmp(event->data, "null") == 0) abort();
    ++self->events;
    return true;
}

static bool input(bw_panel_t* panel, const bw_input_t* input) {
    panel_t* self = panel->context;
    self->scrolled = self->scrolled || input->type == BW_INPUT_SCROLL;
    const bw_ext_view_t* view = self->host->get_extension(self->host, BW_EXT_VIEW);
    if (view != NULL && input->type == BW_INPUT_PRESS)
        view->save(self->host, self->handle, wrong("view") ? "page one" : "{\"page\":1}");
    return true;
}

static void work(long ms) {
    struct timespec began, now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
    do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    while ((now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000 < ms);
}

static bool draw(bw_panel_t* panel, bw_draw_list_t* out) {
    static int drawn;
    panel_t* self = panel->context;
    ++drawn;
    if (wrong("cost")) work(60);
    const bw_ext_clock_t* clock = self->host->get_extension(self->host, BW_EXT_CLOCK);
    if (wrong("idle") && clock != NULL) out->next_draw_ns = clock->mono_ns(self->host) + 1000000;
    const float x = wrong("sizes") && self->width < 2 ? NAN : 0;
    const bw_ext_glyphs_t* glyphs = self->host->get_extension(self->host, BW_EXT_GLYPHS);
    static const float none[2];
    const float* white = glyphs != NULL ? (const float*)((const char*)glyphs->bytes + 20)
                                        : none; /* docs/glyphs.md */
    const float y = wrong("determinism") ? (float)drawn : 0;
    const bw_vertex_t corners[3] = {{x, 0, white[0], white[1], 0xFFFFFFFFu},
                                    {self->width, y, white[0], white[1], 0xFFFFFFFFu},
                                    {0, self->height, white[0], white[1], 0xFFFFFFFFu}};
    memcpy(self->vertices, corners, sizeof corners);
    if (wrong("colour"))
        self->vertices[0].rgba = self->vertices[1].rgba = self->vertices[2].rgba = 0xFF0000FFu;
    for (uint32_t i = 0; i < 3; ++i) self->indices[i] = i;
    if (wrong("fuzz") && self->scrolled) self->indices[2] = 77;
    self->command = (bw_draw_command_t){0, 0, self->width, self->height, 0, 0, 3, -1, 0};
    out->vertices = self->vertices;
    out->indices = self->indices;
    out->commands = &self->command;
    out->vertex_count = out->index_count = 3;
    out->command_count = 1;
    return true;
}

static void destroy(bw_panel_t* panel) {
    if (!wrong("leak")) free(panel->context);
}

static bool init(const bw_host_t* host) {
    (void)host;
    return true;
}

static void deinit(void) {}

static bw_panel_t* create(const bw_host_t* host, uint64_t handle, const char* panel_id) {
    if (strcmp(panel_id, "main") != 0 && !wrong("panels")) return NULL;
    panel_t* self = calloc(1, sizeof *self + (wrong("leak") ? 4096 : 0));
    if (self == NULL) return NULL;
    if (wrong("descriptors")) (void)!dup(1);
    self->abi = (bw_panel_t){self, configure, event, input, draw, destroy};
    self->host = host;
    self->handle = handle;
    return &self->abi;
}

extern const bw_panel_entry_t beaconwall_panel_entry;
__attribute__((visibility("default")))
const bw_panel_entry_t beaconwall_panel_entry = {BW_ABI_VERSION, init, deinit, create};
