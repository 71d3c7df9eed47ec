/* SPDX-License-Identifier: Apache-2.0 */
/* One plugin in several versions, each compiled with another COLOUR: fills its pane with it, and
 * half of the pane with white after an odd number of events. BROKEN 1: init says no; 2: dies at its
 * first picture; 3: never draws. */
#include <beaconwall/panel.h>
#include <stdlib.h>
#include <string.h>

#ifndef BROKEN
#define BROKEN 0
#endif

struct plain {
    bw_panel_t abi;
    const bw_host_t* host;
    uint64_t handle;
    bool subscribed, odd;
    float width, height;
    bw_vertex_t vertices[8];
    uint16_t indices[12];
    bw_draw_command_t command;
};

static void configure(bw_panel_t* panel, const bw_pane_config_t* config) {
    struct plain* self = panel->context;
    self->width = (float)config->width;
    self->height = (float)config->height;
    const bw_ext_events_t* events = self->host->get_extension(self->host, BW_EXT_EVENTS);
    if (!self->subscribed) events->subscribe(self->host, self->handle, "x.versioned.v1/");
    self->subscribed = true;
}

static bool event(bw_panel_t* panel, const bw_event_t* event) {
    struct plain* self = panel->context;
    self->odd = strstr(event->data, "\"odd\":true") != NULL;
    return true;
}

static bool input(bw_panel_t* panel, const bw_input_t* input) {
    (void)panel;
    return input == NULL;
}

static void box(struct plain* self, int number, float bottom, uint32_t rgba, const float* white) {
    bw_vertex_t* v = self->vertices + 4 * number;
    v[0] = (bw_vertex_t){0, 0, white[0], white[1], rgba};
    v[1] = (bw_vertex_t){self->width, 0, white[0], white[1], rgba};
    v[2] = (bw_vertex_t){self->width, bottom, white[0], white[1], rgba};
    v[3] = (bw_vertex_t){0, bottom, white[0], white[1], rgba};
    const uint16_t corners[6] = {0, 1, 2, 0, 2, 3};
    for (int k = 0; k < 6; ++k) self->indices[6 * number + k] = (uint16_t)(4 * number + corners[k]);
}

static bool draw(bw_panel_t* panel, bw_draw_list_t* out) {
    struct plain* self = panel->context;
    if (BROKEN == 2) abort();
    if (BROKEN == 3) return false;
    const bw_ext_glyphs_t* glyphs = self->host->get_extension(self->host, BW_EXT_GLYPHS);
    const float* white =
        (const float*)((const char*)glyphs->bytes + 20); /* docs/glyphs.md: an opaque pixel */
    box(self, 0, self->height, COLOUR, white);
    box(self, 1, self->odd ? self->height / 2 : 0, 0xFFFFFFFFu, white);
    self->command = (bw_draw_command_t){0, 0, self->width, self->height, 0, 0, 12, -1, 0};
    out->vertices = self->vertices;
    out->indices16 = self->indices;
    out->commands = &self->command;
    out->vertex_count = 8;
    out->index_count = 12;
    out->command_count = 1;
    return true;
}

static void destroy(bw_panel_t* panel) {
    free(panel->context);
}

static bool init(const bw_host_t* host) {
    (void)host;
    return BROKEN != 1;
}

static void deinit(void) {}

static bw_panel_t* create(const bw_host_t* host, uint64_t handle, const char* panel_id) {
    struct plain* self = strcmp(panel_id, "main") == 0 ? calloc(1, sizeof *self) : NULL;
    if (self == NULL) return NULL;
    self->abi = (bw_panel_t){self, configure, event, input, draw, destroy};
    self->host = host;
    self->handle = handle;
    return &self->abi;
}

extern const bw_panel_entry_t beaconwall_panel_entry;
__attribute__((visibility("default")))
const bw_panel_entry_t beaconwall_panel_entry = {BW_ABI_VERSION, init, deinit, create};
