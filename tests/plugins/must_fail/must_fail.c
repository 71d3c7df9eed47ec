/* SPDX-License-Identifier: Apache-2.0 */
/* The part that behaves. */
#include "must_fail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct misdeed misdeeds[] = {
    {"crash", AT_THE_EVENT, crash_now},
    {"relapse", ALSO_WHEN_REPLAYED, crash_now},
    {"abort", AT_THE_EVENT, abort_now},
    {"exit", AT_THE_EVENT, exit_now},
    {"loop_event", AT_THE_EVENT, loop},
    {"loop_draw", IN_EVERY_DRAW, loop},
    {"deadlock", AT_THE_EVENT, deadlock},
    {"slow", IN_EVERY_DRAW, be_slow},
    {"leak", IN_EVERY_DRAW, leak},
    {"hoard", IN_EVERY_DRAW, hoard},
    {"descriptors", AT_THE_EVENT, take_descriptors},
    {"threads", AT_THE_EVENT, storm_with_threads},
    {"spin", AT_THE_EVENT, spin},
    {"bad_array", IN_EVERY_DRAW, bad_array},
    {"bad_count", IN_EVERY_DRAW, bad_count},
    {"bad_index", IN_EVERY_DRAW, bad_index},
    {"bad_command", IN_EVERY_DRAW, bad_command},
    {"bad_clip", IN_EVERY_DRAW, bad_clip},
    {"bad_rect", IN_EVERY_DRAW, bad_rect},
    {"bad_texture", IN_EVERY_DRAW, bad_texture},
    {"stale_texture", IN_EVERY_DRAW, stale_texture},
    {"texture_flood", IN_EVERY_DRAW, flood_with_textures},
    {"bad_number", IN_EVERY_DRAW, bad_number},
    {"flood", AT_THE_EVENT, flood_with_commits},
    {"beats", AT_THE_EVENT, flood_with_beats},
    {"babble", AT_THE_EVENT, babble_to_the_screen},
    {"mutiny", AT_THE_EVENT, babble_to_the_supervisor},
    {"lies", IN_EVERY_DRAW, lie},
    {"rewrite", AT_THE_EVENT, rewrite},
    {"silent", AT_THE_EVENT, NULL},
};
enum { MISDEEDS = sizeof misdeeds / sizeof *misdeeds };

static int number_after(const char* json, const char* key, int otherwise) {
    const char* at = strstr(json, key);
    return at != NULL ? atoi(at + strlen(key)) : otherwise;
}

static void configure(bw_panel_t* panel, const bw_pane_config_t* config) {
    struct bad* self = panel->context;
    self->width = (float)config->width;
    self->height = (float)config->height;
    self->colour = number_after(config->view, "\"colour\":", self->colour);
    if (self->started) return;
    self->started = true;
    char prefix[64];
    snprintf(prefix, sizeof prefix, "x.must_fail.v1/%s", self->misdeed->panel);
    const bw_ext_events_t* events = self->host->get_extension(self->host, BW_EXT_EVENTS);
    events->subscribe(self->host, self->handle, prefix);
}

static void take_colour(struct bad* self, int colour) {
    self->colour = colour;
    char json[32];
    snprintf(json, sizeof json, "{\"colour\":%d}", colour);
    const bw_ext_view_t* view = self->host->get_extension(self->host, BW_EXT_VIEW);
    view->save(self->host, self->handle, json);
}

static bool event(bw_panel_t* panel, const bw_event_t* event) {
    struct bad* self = panel->context;
    /* What it was told in an earlier life is over, but for one. */
    if (event->replayed && self->misdeed->when != ALSO_WHEN_REPLAYED) return false;
    const int colour = number_after(event->data, "\"colour\":", -1);
    if (colour >= 0) take_colour(self, colour);
    if (strstr(event->data, "\"fail\":true") == NULL) return true;
    self->most = number_after(event->data, "\"most\":", 0);
    self->failing = true;
    if (self->misdeed->when != IN_EVERY_DRAW && self->misdeed->act != NULL)
        self->misdeed->act(self, NULL);
    return true;
}

static bool input(bw_panel_t* panel, const bw_input_t* input) {
    (void)panel;
    (void)input;
    return false;
}

/* One rectangle in the middle. */
static void draw_well(struct bad* self, bw_draw_list_t* out) {
    static const uint32_t indices[6] = {0, 1, 2, 2, 1, 3};
    const uint32_t rgba = 0xFF000000U | (uint32_t)self->colour;
    const float shift = self->restless ? (float)(self->draws % 2) : 0;
    for (int i = 0; i < 4; ++i) {
        const float x = self->width * (i % 2 != 0 ? 0.75F : 0.25F) + shift;
        const float y = self->height * (i / 2 != 0 ? 0.75F : 0.25F);
        self->vertices[i] = (bw_vertex_t){x, y, 0, 0, rgba};
    }
    memcpy(self->indices, indices, sizeof indices);
    self->commands[0] = (bw_draw_command_t){
        .clip_x1 = self->width, .clip_y1 = self->height, .count = 6, .video = -1};
    out->vertices = self->vertices;
    out->indices = self->indices;
    out->commands = self->commands;
    out->vertex_count = 4;
    out->index_count = 6;
    out->command_count = 1;
    out->next_draw_ns = self->restless ? 1 : 0;
}

static bool draw(bw_panel_t* panel, bw_draw_list_t* out) {
    struct bad* self = panel->context;
    ++self->draws;
    if (self->misdeed->act == NULL) return false; /* it never has anything to show */
    draw_well(self, out);
    if (self->failing && self->misdeed->when == IN_EVERY_DRAW) self->misdeed->act(self, out);
    return true;
}

static void destroy(bw_panel_t* panel) {
    free(panel->context);
}

static bool init(const bw_host_t* host) {
    (void)host;
    return true;
}

static void deinit(void) {}

static bw_panel_t* create(const bw_host_t* host, uint64_t handle, const char* panel_id) {
    for (int i = 0; i < MISDEEDS; ++i) {
        if (strcmp(panel_id, misdeeds[i].panel) != 0) continue;
        struct bad* self = calloc(1, sizeof *self);
        if (self == NULL) return NULL;
        self->abi = (bw_panel_t){self, configure, event, input, draw, destroy};
        self->host = host;
        self->clock = host->get_extension(host, BW_EXT_CLOCK);
        self->handle = handle;
        self->misdeed = &misdeeds[i];
        self->colour = 0x808080;
        return &self->abi;
    }
    return NULL;
}

__attribute__((visibility("default")))
const bw_panel_entry_t beaconwall_panel_entry = {BW_ABI_VERSION, init, deinit, create};
