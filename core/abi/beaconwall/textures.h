/* SPDX-License-Identifier: Apache-2.0 */
/* Beaconwall panel ABI, extension beaconwall.textures/1: pictures of a panel's own, such as a map tile, a logo, a heat map or
 * glyphs of another font. A draw command whose `texture` is an id from create() shows that texture, u and v from 0 to 1 (its left
 * and upper edge to its right and lower one), each pixel times the vertices' colour; 0 stays the glyph atlas.
 *
 * Pixels: four bytes, red, green, blue, alpha, 0 to 255, sRGB, straight (not premultiplied) alpha, the top row first.
 * Sampling: linear, edges clamped, no smaller versions: give a picture the size that it is drawn at, which configure() tells.
 * Ownership: a texture is the host's and one panel's own; its id means nothing in another panel, and ends with destroy() or with
 *   the panel. A draw list that names such an id is refused like any other fault of a picture.
 * Time: what create() and write() did is seen with the next picture that draw() returns. Outside draw() they ask for none: let
 *   event() or input() return true, or set next_draw_ns. A texture that nobody writes to costs nothing, however often it is drawn.
 */
#ifndef BEACONWALL_TEXTURES_H
#define BEACONWALL_TEXTURES_H

#include <beaconwall/panel.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BW_EXT_TEXTURES "beaconwall.textures/1"

/* What a host has room for at least. BW_TEXTURE_BYTES: of the pixels of all of a panel's textures together, four bytes each; all
 * panels of a plugin that are shown or prepared at a time have eight times as much. */
enum { BW_TEXTURE_COUNT = 64, BW_TEXTURE_SIDE = 4096, BW_TEXTURE_BYTES = 16777216 };

/* A rectangle of a texture, and the pixels for it. */
typedef struct bw_texture_part {
    const void* rgba;  /* the first pixel of the top row */
    uint32_t stride;   /* bytes from one row to the next */
    uint32_t x, y;     /* where the rectangle begins in the texture */
    uint32_t width, height;
} bw_texture_part_t;

typedef struct bw_ext_textures {
    /* [main] A texture of that many pixels, transparent at first. 0: refused, and the log says which limit it would break. */
    uint32_t (*create)(const bw_host_t* host, uint64_t handle, uint32_t width, uint32_t height);
    /* [main] The pixels are copied. False: nothing was written, and the log says why. */
    bool (*write)(const bw_host_t* host, uint64_t handle, uint32_t texture, const bw_texture_part_t* part);
    /* [main] What was drawn stays as it is; the next picture must not name it. An id that is not there, such as 0, is ignored. */
    void (*destroy)(const bw_host_t* host, uint64_t handle, uint32_t texture);
} bw_ext_textures_t;

#ifdef __cplusplus
}
#endif
#endif
