// SPDX-License-Identifier: Apache-2.0
// Receives RTSP over TCP from all cameras on one thread. rtspsrc, which does this otherwise, has
// four threads and a jitter buffer per camera; over TCP nothing is out of order, so most of what it
// does is not needed (docs/decisions/0007).
#pragma once

#include <memory>
#include <string_view>

#include "core/media/intake.h"

namespace bw::media {

class Receiver {
  public:
    Receiver();
    /// Says goodbye to the cameras, without waiting for their answers.
    ~Receiver();
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    /// rtsp:// addresses only.
    [[nodiscard]] static bool takes(std::string_view uri) { return uri.starts_with("rtsp://"); }
    /// [main] Begins to connect; waits for nothing. What is returned may outlive the receiver.
    std::unique_ptr<Intake> open(Opening opening);

  private:
    class Loop;
    const std::shared_ptr<Loop> loop_;
};

}  // namespace bw::media
