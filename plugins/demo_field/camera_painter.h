// SPDX-License-Identifier: Apache-2.0
// Draws one camera's pictures: a window that pans over its panorama, drifting haze, smoke when the
// exercise says so, words, clock and frame code. Nothing is allocated per picture. One thread.
#pragma once

#include <cstdint>
#include <memory>

#include "camera_scene.h"
#include "camera_text.h"

namespace bw::demo_field {

/// Planes of a kCameraWidth x kCameraHeight I420 picture.
struct Planes {
    uint8_t *y, *u, *v;
    int stride_y, stride_uv;
};

/// What all painters share.
struct Studio {
    std::unique_ptr<TextMaker> text;
    std::vector<uint8_t> haze;
    int64_t utc_offset_s = 480 * 60;  // of the clock in the pictures: the hall's
    static base::Result<std::unique_ptr<Studio>> open();
};

class Painter {
  public:
    /// `number`: of the camera, for the frame code.
    Painter(CameraPlan plan, uint32_t number, Studio& studio);
    /// `mono_ns` moves the picture, `wall_ns` is shown by the clock.
    void paint(const Planes& to, int64_t mono_ns, int64_t wall_ns, bool smoke);

  private:
    void landscape(const Planes& to, double seconds);
    void plume(const Planes& to, double seconds) const;
    void words(const Planes& to, int64_t wall_ns);

    const CameraPlan plan_;
    const uint32_t number_;
    Studio& studio_;
    const Scene scene_;
    const TextBitmap label_, exercise_;
    TextBitmap clock_;
    int64_t clock_s_ = -1;
    int pan_ = 0;  // left edge of the window
    std::vector<uint8_t> haze_row_;
};

/// The frame number of a moment: CLOCK_MONOTONIC in fifteenths of a second, 20 bits of it, so that
/// who reads it back knows the picture's age.
uint32_t frame_number(int64_t mono_ns);

}  // namespace bw::demo_field
