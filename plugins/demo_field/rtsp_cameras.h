// SPDX-License-Identifier: Apache-2.0
// An RTSP server on 127.0.0.1 that plays drawn cameras. It listens on a free port; a camera is
// drawn and encoded only while somebody plays it, once for all that are like it. Two threads of its
// own (serving, drawing); start() and the destructor belong to one other thread.
#pragma once

#include <beaconwall/service/result.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "camera_scene.h"

namespace bw::demo_field {

class RtspCameras {
  public:
    using SmokeIn = std::function<bool(std::string_view camera)>;  // called on the drawing thread
    /// "invalid" if a plan is like one that is not drawn.
    static base::Result<std::unique_ptr<RtspCameras>> start(std::vector<CameraPlan> plans,
                                                            SmokeIn smoke_in);
    ~RtspCameras();
    /// "rtsp://127.0.0.1:PORT/FF-001"
    [[nodiscard]] std::string uri(const CameraPlan& plan) const;
    [[nodiscard]] const std::vector<CameraPlan>& plans() const;

  private:
    struct Impl;
    explicit RtspCameras(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace bw::demo_field
