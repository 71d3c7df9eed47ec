// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/media/decode_pool.h"
#include "core/media/decoders.h"
#include "core/media/pacer.h"

namespace bw::media {

/// What all sources of a process share.
struct Workshop {
    /// `threads` that decode; 0: as many as there are cores.
    explicit Workshop(unsigned threads = 0) : pool(threads) {}
    DecodePool pool;
    Decoders decoders;
    Pacer pacer;
};

}  // namespace bw::media
