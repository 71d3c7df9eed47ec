// SPDX-License-Identifier: Apache-2.0
#include "pins.h"

extern const unsigned bw_abi_pinned_in_cxx;
const unsigned bw_abi_pinned_in_cxx = BW_ABI_VERSION;
