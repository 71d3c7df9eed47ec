// SPDX-License-Identifier: Apache-2.0
#include "textures.h"

extern const unsigned bw_abi_textures_in_cxx;
const unsigned bw_abi_textures_in_cxx = BW_TEXTURE_COUNT;
