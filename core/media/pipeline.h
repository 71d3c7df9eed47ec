// SPDX-License-Identifier: Apache-2.0
// One opened source: a GStreamer pipeline with one decode thread that hands its newest picture to
// an Outlet. GStreamer is known to pipeline.cpp alone. Main thread only, but for the destructor,
// which may block while a camera does not answer and therefore belongs on the Reaper's threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/media/outlet.h"
#include "core/surface/layout.h"

namespace bw::media {

struct Trouble {
    surface::Reason reason;
    std::string text;  // for the log; never holds credentials
};

struct Opening {
    std::string name;  // of the source, for the log
    std::string uri;   // rtsp://, file://, test://PATTERN; without credentials
    std::string user, password;
    uint64_t epoch = 0;
    std::shared_ptr<Outlet> outlet;
    std::shared_ptr<Wake> wake;  // rung when trouble() or connected() may have changed
};

class Pipeline {
  public:
    /// Starts at once; waits neither for the network nor for a disk. What fails later is told by
    /// trouble().
    static std::unique_ptr<Pipeline> open(Opening opening);
    ~Pipeline();
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    /// The first thing that went wrong, once.
    [[nodiscard]] std::optional<Trouble> trouble();
    [[nodiscard]] bool connected() const;
    /// "avdec_h264", or empty while none is built.
    [[nodiscard]] std::string decoder() const;

    struct Shared;  // what the streaming threads and the main thread both see

  private:
    explicit Pipeline(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
    std::shared_ptr<Shared> shared_;
};

/// Loads GStreamer; once, before the first open(). The error names what is missing.
base::Status init_pipelines();

}  // namespace bw::media
