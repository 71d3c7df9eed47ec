// SPDX-License-Identifier: Apache-2.0
// One compressed picture (an access unit) as a camera sent it. GStreamer's type is named here, its
// headers are not: only the files that handle buffers know them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

struct _GstBuffer;
struct _GstCaps;
typedef struct _GstBuffer GstBuffer;
typedef struct _GstCaps GstCaps;

namespace bw::media {

/// References, counted by GStreamer; any thread.
using HeldBuffer = std::shared_ptr<GstBuffer>;
using HeldCaps = std::shared_ptr<GstCaps>;
/// Take over the caller's reference.
HeldBuffer hold(GstBuffer* buffer);
HeldCaps hold(GstCaps* caps);
/// "video/x-h264"
std::string media_type(const HeldCaps& caps);

struct Unit {
    HeldBuffer buffer;  // its time stamp (PTS) is arrived_ns
    HeldCaps caps;      // what decodes it; equal pointers are equal caps
    size_t bytes = 0;
    int64_t arrived_ns = 0;  // CLOCK_MONOTONIC; grows from unit to unit
    int64_t filmed_ns = 0;   // CLOCK_MONOTONIC, by the source's own clock; 0: it does not say
    bool key = false;        // decoding may begin here
};

}  // namespace bw::media
