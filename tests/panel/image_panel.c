/* SPDX-License-Identifier: Apache-2.0 */
/* Panels in plain C11 that show a picture of their own: four fields of one colour each, the last of
 * them as the newest x.image.v1 event says ({"colour": 0xBBGGRR}). "image" does it well; what the
 * others try stands at `kinds`. */
#include <beaconwall/textures.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum kind {
    IMAGE,    /* as it should be */
    STALE,    /* names the texture after it let go of it */
    GREEDY,   /* asks for more than there is; how much it got stands in its vertices */
    THREADED, /* asks from a thread of its own; so does what it got */
    KINDS,
};
static const char* const kinds[KINDS] = {"image", "stale", "greedy", "threaded"};

enum { SIDE = 64, FIELD = SIDE / 2 };

struct image {
    bw_panel_t abi;
    const bw_host_t* host;
    const bw_ext_textures_t* textures;
    uint64_t handle;
    enum kind kind;
    uint32_t texture;
    float width, height, got[4];
    uint32_t pixels[SIDE * SIDE];
    bw_vertex_t vertices[4];
    uint32_t indices[6];
    bw_draw_command_t command;
};

static void fill(struct image* self, uint32_t field, uint32_t rgba) {
    const uint32_t x0 = field % 2 * FIELD, y0 = field / 2 * FIELD;
    for (uint32_t y = y0; y < y0 + FIELD; ++y)
        for (uint32_t x = x0; x < x0 + FIELD; ++x) self->pixels[y * SIDE + x] = rgba;
}

static bool write_field(struct image* self, uint32_t field) {
    const uint32_t x = field % 2 * FIELD, y = field / 2 * FIELD;
    const bw_texture_part_t part = {
        &self->pixels[y * SIDE + x], sizeof(uint32_t) * SIDE, x, y, FIELD, FIELD};
    return self->textures->write(self->host, self->handle, self->texture, &part);
}

static void* ask_elsewhere(void* context) {
    struct image* self = context;
    const bw_texture_part_t part = {self->pixels, sizeof(uint32_t) * SIDE, 0, 0, SIDE, SIDE};
    self->got[0] = (float)self->textures->create(self->host, self->handle, 8, 8);
    self->got[1] =
        self->textures->write(self->host, self->handle, self->texture, &part) ? 1.0F : 0.0F;
    self->textures->destroy(self->host, self->handle, self->texture);
    return NULL;
}

static void be_greedy(struct image* self) {
    const bw_texture_part_t outside = {self->pixels, sizeof(uint32_t) * SIDE, 1, 0, SIDE, SIDE};
    self->got[0] = (float)self->textures->create(self->host, self->handle, 5000, 1);
    self->got[1] = (float)self->textures->create(self->host, self->handle, 4096, 1024);
    while (self->textures->create(self->host, self->handle, 1, 1) != 0) ++self->got[2];
    self->got[3] =
        self->textures->write(self->host, self->handle, self->texture, &outside) ? 1.0F : 0.0F;
}

static void configure(bw_panel_t* panel, const bw_pane_config_t* config) {
    static const uint32_t colours[4] = {0xFF2020C0u, 0xFF20C020u, 0xFFC02020u, 0xFF808080u};
    struct image* self = panel->context;
    self->width = (float)config->width;
    self->height = (float)config->height;
    if (self->texture != 0) return;
    self->texture = self->textures->create(self->host, self->handle, SIDE, SIDE);
    for (uint32_t field = 0; field < 4; ++field) {
        fill(self, field, colours[field]);
        write_field(self, field);
    }
    pthread_t thread;
    if (self->kind == THREADED && pthread_create(&thread, NULL, ask_elsewhere, self) == 0)
        pthread_join(thread, NULL);
    if (self->kind == GREEDY) be_greedy(self);
    const bw_ext_events_t* events = self->host->get_extension(self->host, BW_EXT_EVENTS);
    if (events != NULL) events->subscribe(self->host, self->handle, "x.image.v1/");
}

static bool event(bw_panel_t* panel, const bw_event_t* event) {
    struct image* self = panel->context;
    const char* colour = strstr(event->data, "\"colour\":");
    if (colour == NULL) return true; /* a picture is wanted, and this one stays as it is */
    fill(self, 3, 0xFF000000u | (uint32_t)strtoul(colour + 9, NULL, 10));
    write_field(self, 3);
    if (self->kind == STALE) self->textures->destroy(self->host, self->handle, self->texture);
    return true;
}

static bool input(bw_panel_t* panel, const bw_input_t* input) {
    (void)panel;
    (void)input;
    return false;
}

static bool draw(bw_panel_t* panel, bw_draw_list_t* out) {
    static const uint32_t indices[6] = {0, 1, 2, 2, 1, 3};
    struct image* self = panel->context;
    for (int i = 0; i < 4; ++i) {
        const float u = (float)(i % 2), v = (float)(i / 2);
        const bw_vertex_t corner = {u * self->width, v * self->height, u, v, 0xFFFFFFFFu};
        self->vertices[i] = corner;
        if (self->kind == GREEDY || self->kind == THREADED) self->vertices[i].x = self->got[i];
    }
    memcpy(self->indices, indices, sizeof indices);
    const bw_draw_command_t command = {0, 0, self->width, self->height, self->texture, 0, 6, -1, 0};
    self->command = command;
    out->vertices = self->vertices;
    out->indices = self->indices;
    out->commands = &self->command;
    out->vertex_count = 4;
    out->index_count = 6;
    out->command_count = 1;
    return true;
}

/* What it lets go of is gone already: no fault. */
static void destroy(bw_panel_t* panel) {
    struct image* self = panel->context;
    self->textures->destroy(self->host, self->handle, self->texture);
    free(self);
}

static bool init(const bw_host_t* host) {
    return host->get_extension(host, BW_EXT_TEXTURES) != NULL;
}

static void deinit(void) {}

static bw_panel_t* create(const bw_host_t* host, uint64_t handle, const char* panel_id) {
    for (int kind = IMAGE; kind < KINDS; ++kind) {
        if (strcmp(panel_id, kinds[kind]) != 0) continue;
        struct image* self = calloc(1, sizeof *self);
        if (self == NULL) return NULL;
        self->host = host;
        self->textures = host->get_extension(host, BW_EXT_TEXTURES);
        self->handle = handle;
        self->kind = (enum kind)kind;
        const bw_panel_t abi = {self, configure, event, input, draw, destroy};
        self->abi = abi;
        return &self->abi;
    }
    return NULL;
}

extern const bw_panel_entry_t beaconwall_panel_entry;
__attribute__((visibility("default")))
const bw_panel_entry_t beaconwall_panel_entry = {BW_ABI_VERSION, init, deinit, create};
