// SPDX-License-Identifier: Apache-2.0
// Which decoder a stream gets: those made of hardware first, then by GStreamer's rank. A hardware
// decoder that failed is not chosen again by this process: a driver that has lost its device does
// not find it again by being asked once per camera.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "core/media/unit.h"

namespace bw::media {

class Decoders {
  public:
    struct Candidate {
        std::string name;   // of the element's factory: "vah264dec"
        std::string media;  // "video/x-h264"
        bool hardware = false;
    };
    /// [any] Best first; empty: none is installed.
    [[nodiscard]] std::vector<Candidate> of(const HeldCaps& caps) const;
    /// [any] It failed, though it is there.
    void give_up(const Candidate& candidate);

  private:
    mutable base::Mutex mutex_;
    std::set<std::string> given_up_ BW_GUARDED_BY(mutex_);
};

}  // namespace bw::media
