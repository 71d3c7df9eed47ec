/* SPDX-License-Identifier: Apache-2.0 */
#include "pins.h"

extern const unsigned bw_abi_pinned_in_c;
const unsigned bw_abi_pinned_in_c = BW_ABI_VERSION;
