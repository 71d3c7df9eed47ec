// SPDX-License-Identifier: Apache-2.0
// The picture of the wall: the console's end of the mirror surface. The compositor reads back only
// while somebody looks, which is until kLookNs after the last picture(). Main thread only; runs on
// the default GLib main context.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/console/glib_source.h"
#include "core/surface/link.h"

namespace bw::console {

inline constexpr int64_t kLookNs = 3 * base::kSecond;
inline constexpr int64_t kPictureWaitNs = base::kSecond;
/// An old picture that the compositor vouches for counts from this long after a look began: before,
/// a newer one may be on its way.
inline constexpr int64_t kStillNs = 400 * base::kMillisecond;
/// A picture that the compositor has not vouched for since then is not shown as the wall.
inline constexpr int64_t kPictureAgeNs = 1500 * base::kMillisecond;

/// One picture, or the sentence that says why there is none.
struct Shot {
    std::shared_ptr<const std::vector<std::byte>> jpeg;
    std::string etag;        // quoted, as in the header
    std::string code, text;  // of a Shot without a picture
};

class Mirror {
  public:
    Mirror() = default;
    Mirror(const Mirror&) = delete;
    Mirror& operator=(const Mirror&) = delete;

    /// Begins anew with the descriptors of control `link`.
    base::Status adopt(base::UniqueFd socket, base::UniqueFd arena, base::UniqueFd page);
    /// The compositor is gone; who waits is told so.
    void lose();
    [[nodiscard]] bool linked() const { return consumer_ != nullptr; }
    /// True when somebody waited in vain since the last picture.
    [[nodiscard]] bool starving() const { return starving_; }

    using Done = std::function<void(const Shot&)>;
    /// Asks for pictures and calls `done` once: now, when one comes, or after kPictureWaitNs.
    void picture(Done done);

  private:
    struct Waiter {
        int64_t until_ns;
        Done done;
    };
    void read_socket();
    void take();
    void tick();
    [[nodiscard]] bool current() const;
    void answer_all(const Shot& shot);
    [[nodiscard]] Shot shot();

    std::unique_ptr<surface::Consumer> consumer_;
    GlibSource socket_, ticker_;
    uint32_t surface_ = 0;
    uint64_t link_number_ = 0;
    surface::Picture newest_{};
    std::shared_ptr<const std::vector<std::byte>> jpeg_;  // of picture jpeg_number_
    uint64_t jpeg_number_ = 0;
    int64_t look_began_ns_ = 0, looked_ns_ = 0;  // of somebody who goes on looking
    std::vector<Waiter> waiters_;
    bool starving_ = false;
};

}  // namespace bw::console
