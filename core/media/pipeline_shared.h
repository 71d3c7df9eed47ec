// SPDX-License-Identifier: Apache-2.0
// Between pipeline.cpp (running) and pipeline_build.cpp (elements); nobody else includes it.
// GStreamer's types are named, its headers not.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "core/base/mutex.h"
#include "core/media/pacer.h"
#include "core/media/pipeline.h"

struct _GstElement;
typedef struct _GstElement GstElement;

namespace bw::media {

struct Pipeline::Shared : std::enable_shared_from_this<Pipeline::Shared> {
    explicit Shared(Opening o) : opening(std::move(o)) {}

    const Opening opening;
    GstElement* pipeline = nullptr;  // ours until ~Pipeline
    GstElement* sink = nullptr;      // the appsink; the pipeline's
    // Constant after building.
    bool loops = false;                 // begin anew at its end
    bool still = false;                 // one picture, which stays true when the stream has ended
    std::shared_ptr<Pacer::Line> line;  // a file's: what is compressed is played by it

    /// What the main thread has built is handed to GStreamer's threads by this, and not only by a
    /// lock of GLib's, which ThreadSanitizer cannot see.
    std::atomic<bool> built{false};
    /// How each callback gets at its data.
    static Shared& arrive(void* data) {
        auto& shared = *static_cast<Shared*>(data);
        (void)shared.built.load(std::memory_order_acquire);
        return shared;
    }

    std::atomic<bool> connected{false};
    std::atomic<bool> taken{false};    // one of its streams was chosen
    std::atomic<bool> begun{false};    // a file: its first seek was asked for
    std::atomic<bool> closing{false};  // ~Pipeline has begun

    /// Keeps the first trouble and wakes the main loop. Any thread.
    void fail(surface::Reason reason, std::string text);

    // Of the thread that streams.
    HeldCaps caps;           // of the newest unit
    int64_t arrived_ns = 0;  // of the newest unit
    int64_t time_ns = 0;     // of the newest unit, by the source's own clock

    base::Mutex mutex;
    std::optional<Trouble> trouble BW_GUARDED_BY(mutex);
    bool failed BW_GUARDED_BY(mutex) = false;
};

/// Makes the elements for the opening's URI; false after shared.fail().
bool build_elements(Pipeline::Shared& shared);

}  // namespace bw::media
