// SPDX-License-Identifier: Apache-2.0
// A desktop by VNC (RFB, RFC 6143), through LibVNCClient, on a thread of its own. A server sends
// only what changes, and nothing while nothing does: that the picture is still true is asked for,
// by a request for one pixel each second, which a server must answer.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "core/base/mutex.h"
#include "core/media/intake.h"

namespace bw::media {

class VncLine : public Intake {
  public:
    /// vnc://host[:port], port 5900 if none is written.
    static bool takes(std::string_view uri) { return uri.starts_with("vnc://"); }
    static std::unique_ptr<VncLine> open(Opening opening);
    ~VncLine() override;

    [[nodiscard]] std::optional<Trouble> trouble() override;
    [[nodiscard]] bool connected() const override;
    [[nodiscard]] int64_t true_at_ns(int64_t now) const override;

    struct Session;  // what the thread and the main thread both see

  private:
    explicit VncLine(std::shared_ptr<Session> session);
    std::shared_ptr<Session> session_;
    std::thread thread_;
};

}  // namespace bw::media
