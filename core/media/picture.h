// SPDX-License-Identifier: Apache-2.0
// A decoded picture, seen through plain pointers, so that only pipeline.cpp knows GStreamer.
#pragma once

#include <cstdint>
#include <utility>

namespace bw::media {

/// How Y'CbCr becomes R'G'B': what the stream says, or the custom for its size.
enum class Matrix : uint8_t { bt601 = 1, bt709 = 2, full601 = 3, full709 = 4 };

/// I420 planes that somebody else owns.
struct PictureView {
    const uint8_t* y = nullptr;
    const uint8_t* u = nullptr;
    const uint8_t* v = nullptr;
    int stride_y = 0, stride_u = 0, stride_v = 0;  // bytes per row
    int width = 0, height = 0;                     // pixels
    Matrix matrix = Matrix::bt601;
};

/// A view and the owner that keeps its memory: passing one on costs no allocation and no copy.
class HeldPicture {
  public:
    HeldPicture() = default;
    /// `keep(owner)` is called for every share(), `drop(owner)` when one is given back.
    HeldPicture(PictureView seen, void* owner, void (*keep)(void*), void (*drop)(void*))
        : view_(seen), owner_(owner), keep_(keep), drop_(drop) {}
    HeldPicture(HeldPicture&& other) noexcept
        : view_(other.view_),
          owner_(std::exchange(other.owner_, nullptr)),
          keep_(other.keep_),
          drop_(other.drop_) {}
    HeldPicture& operator=(HeldPicture&& other) noexcept {
        std::swap(view_, other.view_);
        std::swap(owner_, other.owner_);
        std::swap(keep_, other.keep_);
        std::swap(drop_, other.drop_);
        return *this;
    }
    HeldPicture(const HeldPicture&) = delete;
    HeldPicture& operator=(const HeldPicture&) = delete;
    ~HeldPicture() {
        if (owner_ != nullptr) drop_(owner_);
    }
    /// The same picture for a second holder.
    [[nodiscard]] HeldPicture share() const {
        if (owner_ != nullptr) keep_(owner_);
        return {view_, owner_, keep_, drop_};
    }
    [[nodiscard]] bool valid() const { return owner_ != nullptr; }
    [[nodiscard]] const PictureView& view() const { return view_; }

  private:
    PictureView view_;
    void* owner_ = nullptr;
    void (*keep_)(void*) = nullptr;
    void (*drop_)(void*) = nullptr;
};

}  // namespace bw::media
