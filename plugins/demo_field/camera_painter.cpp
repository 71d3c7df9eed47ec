// SPDX-License-Identifier: Apache-2.0
#include "camera_painter.h"

#include <beaconwall/service/clock.h>
#include <libyuv/planar_functions.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "frame_code.h"

namespace bw::demo_field {
namespace {

constexpr double kPanPeriod = 180;  // seconds there and back
// Pan and haze go by single pixels, a few a second. They step together, so that in two pictures of
// three an encoder finds nothing but the code (and a decoder likewise).
constexpr double kStepsPerSecond = 5;
constexpr int kPuffs = 46;
constexpr double kPuffLife = 14;  // seconds

void neutral(uint8_t& chroma, int cover) {
    chroma = static_cast<uint8_t>(chroma + (127 - chroma) * cover / 255);
}

/// A soft round cloud onto the picture, cut at its borders.
void puff(const Planes& to, int cx, int cy, int radius, int luma, int strength) {
    const int x0 = std::max(0, cx - radius), x1 = std::min(kCameraWidth - 1, cx + radius);
    const int y0 = std::max(0, cy - radius), y1 = std::min(kSceneHeight - 1, cy + radius);
    const int full = radius * radius;
    const float scale =
        static_cast<float>(strength) / (static_cast<float>(full) * static_cast<float>(full));
    for (int y = y0; y <= y1; ++y)
        for (int x = x0; x <= x1; ++x) {
            const int far = (x - cx) * (x - cx) + (y - cy) * (y - cy);
            if (far >= full) continue;
            const int inner = full - far;
            const int cover = static_cast<int>(scale * static_cast<float>(inner * inner));
            uint8_t& at = to.y[y * to.stride_y + x];
            at = static_cast<uint8_t>(at + (luma - at) * cover / 255);
            if (x % 2 != 0 || y % 2 != 0) continue;
            neutral(to.u[y / 2 * to.stride_uv + x / 2], cover);
            neutral(to.v[y / 2 * to.stride_uv + x / 2], cover);
        }
}

}  // namespace

uint32_t frame_number(int64_t mono_ns) {
    return static_cast<uint32_t>(mono_ns / base::kMillisecond * 15 / 1000) & 0xFFFFFU;
}

base::Result<std::unique_ptr<Studio>> Studio::open() {
    auto studio = std::make_unique<Studio>();
    if (const char* minutes = std::getenv("BEACONWALL_UTC_OFFSET_MINUTES"))
        studio->utc_offset_s = std::atoll(minutes) * 60;
    auto text = TextMaker::open(24);
    if (!text) return text.error();
    studio->text = std::move(*text);
    studio->haze = draw_haze(7);
    return studio;
}

Painter::Painter(CameraPlan plan, uint32_t number, Studio& studio)
    : plan_(std::move(plan)),
      number_(number),
      studio_(studio),
      scene_(draw_scene(plan_)),
      label_(studio.text->make(plan_.label)),
      exercise_(studio.text->make("演练 合成")),
      haze_row_(kCameraWidth, scene_.haze) {}

void Painter::landscape(const Planes& to, double seconds) {
    const double turn = seconds / kPanPeriod + plan_.seed * 0.37;
    const double swing = 0.5 - 0.5 * std::cos(2 * M_PI * turn);
    // The camera with the smoke keeps it in view.
    const int left =
        std::clamp(scene_.smoke_x - kCameraWidth * 3 / 4, 0, kSceneWidth - kCameraWidth);
    pan_ = left + static_cast<int>(swing * (kCameraWidth / 2));
    const int drift = static_cast<int>(std::fmod(seconds * 9 + plan_.seed * 211, kHazePeriod));
    const uint8_t* from = scene_.y.data() + pan_;
    libyuv::BlendPlane(haze_row_.data(), 0, from, kSceneWidth, studio_.haze.data() + drift,
                       kHazePeriod + kCameraWidth, to.y, to.stride_y, kCameraWidth, kSceneHeight);
    libyuv::CopyPlane(scene_.u.data() + pan_ / 2, kSceneWidth / 2, to.u, to.stride_uv,
                      kCameraWidth / 2, kSceneHeight / 2);
    libyuv::CopyPlane(scene_.v.data() + pan_ / 2, kSceneWidth / 2, to.v, to.stride_uv,
                      kCameraWidth / 2, kSceneHeight / 2);
    for (int y = kSceneHeight; y < kCameraHeight; ++y)
        std::memset(to.y + y * to.stride_y, kCodeDark, kCameraWidth);
    for (int y = kSceneHeight / 2; y < kCameraHeight / 2; ++y) {
        std::memset(to.u + y * to.stride_uv, 128, kCameraWidth / 2);
        std::memset(to.v + y * to.stride_uv, 128, kCameraWidth / 2);
    }
}

void Painter::plume(const Planes& to, double seconds) const {
    for (int i = 0; i < kPuffs; ++i) {
        const double phase = std::fmod(seconds / kPuffLife + i / static_cast<double>(kPuffs), 1.0);
        const double sway = std::sin(i * 2.4 + seconds * 0.25) * (3 + 20 * phase);
        const double rise = 150 * std::pow(phase, 0.85);
        const int x = scene_.smoke_x - pan_ + static_cast<int>(66 * phase * phase + sway);
        const int y = scene_.smoke_y - static_cast<int>(rise);
        const int strength = static_cast<int>(150 * std::min(1.0, phase * 10) * (1 - phase));
        puff(to, x, y, 7 + static_cast<int>(30 * phase), i % 3 == 0 ? 158 : 196, strength);
    }
}

void Painter::words(const Planes& to, int64_t wall_ns) {
    const int64_t second = wall_ns / base::kSecond;
    if (second != clock_s_) {
        clock_s_ = second;
        const auto when = static_cast<time_t>(second + studio_.utc_offset_s);
        tm local{};
        gmtime_r(&when, &local);
        char text[32];
        std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
        clock_ = studio_.text->make(text);
    }
    blend_text(label_, to.y, to.stride_y, 12, 8);
    blend_text(exercise_, to.y, to.stride_y, kCameraWidth - 12 - exercise_.width, 8);
    blend_text(clock_, to.y, to.stride_y, kCameraWidth - 12 - clock_.width,
               kSceneHeight - 6 - clock_.height);
}

void Painter::paint(const Planes& to, int64_t mono_ns, int64_t wall_ns, bool smoke) {
    const double seconds = static_cast<double>(mono_ns) / 1e9;
    landscape(to, std::floor(seconds * kStepsPerSecond) / kStepsPerSecond);
    if (smoke) plume(to, seconds);
    words(to, wall_ns);
    write_frame_code(to.y, to.stride_y, {frame_number(mono_ns), number_});
}

}  // namespace bw::demo_field
