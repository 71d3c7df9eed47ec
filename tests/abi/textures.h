/* SPDX-License-Identifier: Apache-2.0 */
/* <beaconwall/textures.h> as shipped, like pins.h; included before any other header, so that it is
 * known to compile alone. */
#ifndef BEACONWALL_TESTS_ABI_TEXTURES_H
#define BEACONWALL_TESTS_ABI_TEXTURES_H

#include <beaconwall/textures.h>
/* Behind it. */
#include "pins.h"

PIN(BW_TEXTURE_COUNT == 64);
PIN(BW_TEXTURE_SIDE == 4096);
PIN(BW_TEXTURE_BYTES == 16777216);

PIN(sizeof(bw_texture_part_t) == 32);
AT(bw_texture_part_t, rgba, 0);
AT(bw_texture_part_t, stride, 8);
AT(bw_texture_part_t, x, 12);
AT(bw_texture_part_t, y, 16);
AT(bw_texture_part_t, width, 20);
AT(bw_texture_part_t, height, 24);

PIN(sizeof(bw_ext_textures_t) == 24);
AT(bw_ext_textures_t, create, 0);
AT(bw_ext_textures_t, write, 8);
AT(bw_ext_textures_t, destroy, 16);

#endif
