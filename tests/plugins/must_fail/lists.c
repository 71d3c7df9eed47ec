/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures that lie about themselves. */
#include <beaconwall/textures.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "must_fail.h"

void bad_array(struct bad* self, bw_draw_list_t* out) {
    (void)self;
    out->vertices = NULL;
}

/* There is memory behind it, but no picture has so many. */
void bad_count(struct bad* self, bw_draw_list_t* out) {
    static bw_vertex_t many[300000];
    (void)self;
    out->vertices = many;
    out->vertex_count = sizeof many / sizeof *many;
}

void bad_index(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    self->indices[5] = 0xFFFFFFFFU;
}

void bad_command(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    self->commands[0].first_index = 0xFFFFFFFDU; /* with its count: 3, for who adds in 32 bits */
}

void bad_clip(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    self->commands[0].clip_x1 = INFINITY;
}

/* A source's picture that would lie on the whole wall. */
void bad_rect(struct bad* self, bw_draw_list_t* out) {
    self->videos[0] = (bw_video_command_t){.x = -100000,
                                           .y = -100000,
                                           .width = 2000000000,
                                           .height = 2000000000,
                                           .fit = BW_FIT_STRETCH,
                                           .source = "camera/T-001"};
    self->commands[0].video = 0;
    out->videos = self->videos;
    out->video_count = 1;
}

void bad_texture(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    self->commands[0].texture = 4711;
}

/* One of its own that it has let go of. */
void stale_texture(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    const bw_ext_textures_t* textures = self->host->get_extension(self->host, BW_EXT_TEXTURES);
    self->commands[0].texture = textures->create(self->host, self->handle, 8, 8);
    textures->destroy(self->host, self->handle, self->commands[0].texture);
}

/* As large as it may be, all new in every picture, and as many pictures as it is let make. */
void flood_with_textures(struct bad* self, bw_draw_list_t* out) {
    enum { WIDTH = 4096, HEIGHT = BW_TEXTURE_BYTES / 4 / WIDTH };
    static uint32_t texture, *pixels;
    const bw_ext_textures_t* textures = self->host->get_extension(self->host, BW_EXT_TEXTURES);
    if (texture == 0) texture = textures->create(self->host, self->handle, WIDTH, HEIGHT);
    if (pixels == NULL) pixels = calloc(WIDTH * HEIGHT, sizeof *pixels);
    for (int i = 0; pixels != NULL && i < WIDTH; ++i)
        pixels[i] = 0x80000000U | (uint32_t)self->draws;
    const bw_texture_part_t part = {pixels, 4 * WIDTH, 0, 0, WIDTH, HEIGHT};
    textures->write(self->host, self->handle, texture, &part);
    self->commands[0].texture = texture;
    self->restless = true;
    out->next_draw_ns = 1;
}

void bad_number(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    self->vertices[3].y = NAN;
}
