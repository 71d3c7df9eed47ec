// SPDX-License-Identifier: Apache-2.0
// The first half of an opened source, whoever receives: hands what comes to a Flow, compressed
// where the source compresses. Main thread only, but for the destructor, which may block while a
// camera does not answer and therefore belongs on the Reaper's threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/media/flow.h"
#include "core/media/wake.h"

namespace bw::media {

struct Opening {
    std::string name;  // of the source, for the log
    std::string uri;   // without credentials; the kinds stand in pipeline_build.cpp
    std::string user, password;
    std::shared_ptr<Flow> flow;
    std::shared_ptr<Workshop> workshop;
    std::shared_ptr<Wake> wake;  // rung when trouble() or connected() may have changed
    bool by_gstreamer = false;   // RTSP too: our own receiver has found that it cannot
};

class Intake {
  public:
    virtual ~Intake() = default;
    Intake() = default;
    Intake(const Intake&) = delete;
    Intake& operator=(const Intake&) = delete;

    /// The first thing that went wrong, once.
    [[nodiscard]] virtual std::optional<Trouble> trouble() = 0;
    /// The source answered and described a stream.
    [[nodiscard]] virtual bool connected() const = 0;
    /// Sources that send nothing while nothing changes: when (CLOCK_MONOTONIC) the newest picture
    /// was last known to be true. 0: each picture speaks for its own moment alone.
    [[nodiscard]] virtual int64_t true_at_ns(int64_t /*now*/) const { return 0; }
    /// What is odd about the source, in words: each thing once.
    [[nodiscard]] virtual std::vector<std::string> oddities() { return {}; }
};

}  // namespace bw::media
