// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/media/decode_pool.h"
#include "core/media/decoders.h"
#include "core/media/pacer.h"

namespace bw::media {

/// What all sources of a process share.
struct Workshop {
    DecodePool pool;
    Decoders decoders;
    Pacer pacer;
};

}  // namespace bw::media
