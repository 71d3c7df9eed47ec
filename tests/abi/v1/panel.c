/* SPDX-License-Identifier: Apache-2.0 */
/* A panel as it was built when version 1 of the ABI was frozen. It is compiled against the headers beside it and shown by
 * the host of today, for ever: nothing in this folder changes. It uses every part of the ABI; what it found out stands in
 * its triangle, where the test reads it: vertex 0: events, inputs, keep-outs, the view's number; vertex 1: width, height,
 * scale, the offset from UTC in minutes. */
#include <beaconwall/panel.h>
#include <stdlib.h>
#include <string.h>

struct frozen {
    bw_panel_t abi;
    const bw_host_t* host;
    uint64_t handle;
    const bw_ext_log_t* log;
    const bw_ext_events_t* events;
    const bw_ext_clock_t* clock;
    const bw_ext_view_t* view;
    const bw_ext_glyphs_t* glyphs;
    const bw_ext_keepouts_t* keepouts;
    float width, height, scale;
    int seen, inputs, number;
    bool english, subscribed;
    bw_vertex_t vertices[6];
    uint16_t indices[3];
    bw_draw_command_t commands[2];
    bw_video_command_t video;
};

static void configure(bw_panel_t* panel, const bw_pane_config_t* config) {
    struct frozen* self = panel->context;
    self->width = (float)config->width;
    self->height = (float)config->height;
    self->scale = config->scale;
    self->english = strcmp(config->language, "en") == 0;
    const char* number = strstr(config->view, "\"n\":");
    self->number = number != NULL ? atoi(number + 4) : 0;
    if (strlen(config->pane) == 0 || config->settings[0] != '{') abort();
    if (!self->subscribed) self->events->subscribe(self->host, self->handle, "x.frozen.v1/");
    self->subscribed = true;
    self->log->write(self->host, BW_LOG_DEBUG, "configured");
}

static bool event(bw_panel_t* panel, const bw_event_t* event) {
    struct frozen* self = panel->context;
    if (strcmp(event->type, "x.frozen.v1") != 0 || event->data[0] == 0 || event->time[0] == 0) abort();
    if (!event->tombstone) ++self->seen;
    return true;
}

static bool input(bw_panel_t* panel, const bw_input_t* input) {
    struct frozen* self = panel->context;
    ++self->inputs;
    if (input->type != BW_INPUT_PRESS) return false;
    self->view->save(self->host, self->handle, "{\"n\":5}");
    self->events->command(self->host, self->handle, "x.frozen.go.v1", "thing/1", "{}");
    return true;
}

static bool draw(bw_panel_t* panel, bw_draw_list_t* out) {
    struct frozen* self = panel->context;
    uint32_t bare = 0;
    (void)self->keepouts->get(self->host, self->handle, &bare);
    const float minutes = (float)self->clock->utc_offset_s(self->host) / 60;
    if (self->clock->space_wall_ns(self->host) <= 0 || self->glyphs->size < 1000) abort();
    memset(self->vertices, 0, sizeof self->vertices);
    self->vertices[3] = (bw_vertex_t){(float)self->seen, (float)self->inputs, (float)bare, (float)self->number, 0xFFFFFFFFu};
    self->vertices[4] = (bw_vertex_t){self->width, self->height, self->scale, minutes, 0xFFFFFFFFu};
    self->vertices[5] = (bw_vertex_t){0, self->height, 0, 0, 0xFF0000FFu};
    for (uint16_t i = 0; i < 3; ++i) self->indices[i] = i;
    self->commands[0] = (bw_draw_command_t){0, 0, self->width, self->height, 0, 0, 3, -1, 3};
    self->commands[1] = (bw_draw_command_t){0, 0, self->width, self->height, 0, 0, 0, 0, 0};
    self->video = (bw_video_command_t){8, 8, 64, 36, BW_FIT_CONTAIN, BW_VIDEO_CAPTION, "camera/FF-001"};
    out->vertices = self->vertices;
    out->indices16 = self->indices;
    out->commands = self->commands;
    out->videos = &self->video;
    out->vertex_count = 6;
    out->index_count = 3;
    out->command_count = 2;
    out->video_count = 1;
    out->next_draw_ns = self->clock->mono_ns(self->host) + 3600000000000;
    return true;
}

static void destroy(bw_panel_t* panel) {
    free(panel->context);
}

static bool init(const bw_host_t* host) {
    return host->abi_version == BW_ABI_VERSION;
}

static void deinit(void) {}

static bw_panel_t* create(const bw_host_t* host, uint64_t handle, const char* panel_id) {
    if (strcmp(panel_id, "frozen") != 0) return NULL;
    struct frozen* self = calloc(1, sizeof *self);
    if (self == NULL) return NULL;
    self->abi = (bw_panel_t){self, configure, event, input, draw, destroy};
    self->host = host;
    self->handle = handle;
    self->log = host->get_extension(host, "beaconwall.log/1");
    self->events = host->get_extension(host, "beaconwall.events/1");
    self->clock = host->get_extension(host, "beaconwall.clock/1");
    self->view = host->get_extension(host, "beaconwall.view/1");
    self->glyphs = host->get_extension(host, "beaconwall.glyphs/1");
    self->keepouts = host->get_extension(host, "beaconwall.keepouts/1");
    return &self->abi;
}

extern const bw_panel_entry_t beaconwall_panel_entry;
__attribute__((visibility("default"))) const bw_panel_entry_t beaconwall_panel_entry = {1, init, deinit, create};
