/* @TITLE@ in C11, with panel.h and nothing else of Beaconwall's: a bar as long as the newest value,
 * and the value in the host's own glyphs (docs/glyphs.md). */
#include <beaconwall/panel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_GLYPHS = 16, NUMBER_FACE = 3 };

typedef struct {
    uint32_t code; /* code point << 2 | visible << 1 */
    float advance, x0, y0, x1, y1, u0, v0, u1, v1;
} glyph_t;

typedef struct {
    uint32_t role;
    float size, em, ascent, descent;
    uint32_t glyphs, indices, reserved;
    uint64_t glyphs_at, index_at, advances_at;
} face_t;

typedef struct {
    char magic[8];
    uint32_t faces, width, height;
    float white_u, white_v, scale;
    uint64_t pixels_at, size;
} file_t;

typedef struct {
    bw_panel_t abi;
    const bw_host_t* host;
    const bw_ext_events_t* events;
    const bw_ext_glyphs_t* glyphs;
    uint64_t handle;
    bool subscribed;
    float width, height, scale;
    double value;
    uint32_t vertex_count, index_count;
    bw_vertex_t vertices[4 * (2 + MOST_GLYPHS)];
    uint16_t indices[6 * (2 + MOST_GLYPHS)];
    bw_draw_command_t command;
} panel_t;

static const file_t* file_of(const panel_t* self) {
    return (const file_t*)self->glyphs->bytes;
}

static void quad(panel_t* self, float x0, float y0, float x1, float y1, const float* uv,
                 uint32_t rgba) {
    bw_vertex_t* v = self->vertices + self->vertex_count;
    uint16_t* i = self->indices + self->index_count;
    uint16_t first = (uint16_t)self->vertex_count;
    v[0] = (bw_vertex_t){x0, y0, uv[0], uv[1], rgba};
    v[1] = (bw_vertex_t){x1, y0, uv[2], uv[1], rgba};
    v[2] = (bw_vertex_t){x1, y1, uv[2], uv[3], rgba};
    v[3] = (bw_vertex_t){x0, y1, uv[0], uv[3], rgba};
    const uint16_t corners[6] = {0, 1, 2, 0, 2, 3};
    for (int k = 0; k < 6; ++k) i[k] = (uint16_t)(first + corners[k]);
    self->vertex_count += 4;
    self->index_count += 6;
}

static void box(panel_t* self, float x0, float y0, float x1, float y1, uint32_t rgba) {
    const file_t* file = file_of(self);
    const float white[4] = {file->white_u, file->white_v, file->white_u, file->white_v};
    quad(self, x0, y0, x1, y1, white, rgba);
}

static void text(panel_t* self, float x, float y, const char* words, uint32_t rgba) {
    const file_t* file = file_of(self);
    const char* bytes = self->glyphs->bytes;
    const face_t* face = (const face_t*)(bytes + sizeof(file_t)) + NUMBER_FACE;
    const glyph_t* glyphs = (const glyph_t*)(bytes + face->glyphs_at);
    const uint16_t* index = (const uint16_t*)(bytes + face->index_at);
    const float factor = self->scale / file->scale;
    for (int n = 0; words[n] != 0 && n < MOST_GLYPHS; ++n) {
        unsigned code = (unsigned char)words[n];
        if (code >= face->indices || index[code] == 0xFFFF) continue;
        const glyph_t* g = glyphs + index[code];
        const float uv[4] = {g->u0, g->v0, g->u1, g->v1};
        if ((g->code & 2) != 0)
            quad(self, x + g->x0 * factor, y + g->y0 * factor, x + g->x1 * factor,
                 y + g->y1 * factor, uv, rgba);
        x += g->advance * factor;
    }
}

static void configure(bw_panel_t* panel, const bw_pane_config_t* config) {
    panel_t* self = panel->context;
    self->width = (float)config->width;
    self->height = (float)config->height;
    self->scale = config->scale;
    if (!self->subscribed) self->events->subscribe(self->host, self->handle, "@TYPE@/");
    self->subscribed = true;
}

static bool event(bw_panel_t* panel, const bw_event_t* event) {
    panel_t* self = panel->context;
    const char* found = strstr(event->data, "\"value\"");
    const char* colon = found != NULL ? strchr(found, ':') : NULL;
    if (colon == NULL) return false;
    const double value = strtod(colon + 1, NULL);
    if (!(value > -1e6 && value < 1e6)) return false;
    self->value = value;
    return true;
}

static bool input(bw_panel_t* panel, const bw_input_t* input) {
    (void)panel;
    (void)input;
    return false;
}

static bool draw(bw_panel_t* panel, bw_draw_list_t* out) {
    panel_t* self = panel->context;
    const float edge = 16 * self->scale, middle = self->height / 2;
    float share = (float)(self->value / 20);
    char words[MOST_GLYPHS + 1];
    if (share < 0) share = 0;
    if (share > 1) share = 1;
    self->vertex_count = self->index_count = 0;
    box(self, 0, 0, self->width, self->height, 0xFF1C1510u);
    box(self, edge, middle, edge + (self->width - 2 * edge) * share, middle + edge, 0xFFDFD4C9u);
    snprintf(words, sizeof words, "%.2f", self->value);
    text(self, edge, middle - 56 * self->scale, words, 0xFFF4EEE8u);
    self->command =
        (bw_draw_command_t){0, 0, self->width, self->height, 0, 0, self->index_count, -1, 0};
    out->vertices = self->vertices;
    out->indices16 = self->indices;
    out->commands = &self->command;
    out->vertex_count = self->vertex_count;
    out->index_count = self->index_count;
    out->command_count = 1;
    return true;
}

static void destroy(bw_panel_t* panel) {
    free(panel->context);
}

static bool init(const bw_host_t* host) {
    /* Without these there is nothing to draw from, and nothing to draw with. */
    return host->get_extension(host, BW_EXT_EVENTS) != NULL &&
           host->get_extension(host, BW_EXT_GLYPHS) != NULL;
}

static void deinit(void) {}

static bw_panel_t* create(const bw_host_t* host, uint64_t handle, const char* panel_id) {
    panel_t* self = strcmp(panel_id, "main") == 0 ? calloc(1, sizeof *self) : NULL;
    if (self == NULL) return NULL;
    self->abi = (bw_panel_t){self, configure, event, input, draw, destroy};
    self->host = host;
    self->handle = handle;
    self->events = host->get_extension(host, BW_EXT_EVENTS);
    self->glyphs = host->get_extension(host, BW_EXT_GLYPHS);
    return &self->abi;
}

extern const bw_panel_entry_t beaconwall_panel_entry;
__attribute__((visibility("default")))
const bw_panel_entry_t beaconwall_panel_entry = {BW_ABI_VERSION, init, deinit, create};
