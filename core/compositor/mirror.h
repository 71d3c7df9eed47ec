// SPDX-License-Identifier: Apache-2.0
// The mirror: a scaled copy of all displays for the console, read back without waiting and only
// while somebody looks. The compositor is the producer of this link.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/compositor/geometry.h"
#include "core/compositor/painter.h"
#include "core/surface/link.h"

namespace bw::compositor {

class Mirror {
  public:
    /// `draws`: false where no pixels are drawn; then nobody who looks gets any.
    Mirror(const config::Wall& wall, bool draws) : wall_(wall), draws_(draws) {}
    void attach(std::unique_ptr<surface::Producer> producer);
    void detach();
    [[nodiscard]] int fd() const { return producer_ ? producer_->fd() : -1; }
    void receive();
    /// The wall has other displays.
    void set_wall();
    /// Something on the wall changed.
    void touch() { changed_ = true; }
    /// Copies or hands over what is due. Returns when to come again; 0: only on news.
    int64_t turn(int64_t now_ns, Painter& painter, const std::vector<Canvas>& displays);

  private:
    void configure(const surface::Received& message);
    void start_copy(int64_t now_ns, Painter& painter, const std::vector<Canvas>& displays);
    bool finish_copy();

    const config::Wall& wall_;
    const bool draws_;
    std::unique_ptr<surface::Producer> producer_;
    std::optional<surface::Producer::Writer> writer_;
    uint32_t surface_ = 0;
    WallView view_;
    Canvas canvas_;
    GlBuffer pixels_;
    GLsync fence_ = nullptr;
    int64_t wanted_until_ns_ = 0, last_copy_ns_ = 0, copied_at_ns_ = 0;
    bool changed_ = true;
};

}  // namespace bw::compositor
