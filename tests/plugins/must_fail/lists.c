/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures that lie about themselves. */
#include <math.h>
#include <stddef.h>
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

void bad_number(struct bad* self, bw_draw_list_t* out) {
    (void)out;
    self->vertices[3].y = NAN;
}
