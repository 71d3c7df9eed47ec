// SPDX-License-Identifier: Apache-2.0
// One camera's TCP connection and its RTSP session, on the receiver's thread. Non-blocking
// throughout; names are looked up by a thread of their own. Between the threads stand only `Told`
// and two atomics.
#pragma once

#include <netdb.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/mutex.h"
#include "core/base/unique_fd.h"
#include "core/media/host_and_port.h"
#include "core/media/intake.h"
#include "core/rtsp/session.h"

namespace bw::media {

class RtspLine : public std::enable_shared_from_this<RtspLine> {
  public:
    explicit RtspLine(Opening opening);
    ~RtspLine();
    RtspLine(const RtspLine&) = delete;
    RtspLine& operator=(const RtspLine&) = delete;

    // [main]
    [[nodiscard]] std::optional<Trouble> trouble();
    [[nodiscard]] bool connected() const { return connected_.load(); }
    [[nodiscard]] std::vector<std::string> oddities();
    /// No more is wanted of it. Then wake the loop.
    void close() { closing_.store(true); }

    // [receiver] Each may change fd() and wants_out().
    /// Looks the name up, on a thread of its own if it is no number; `wake` is called from there.
    void start(std::function<void()> wake);
    /// Something may have changed: it was woken, or time has passed.
    void tick(int64_t now);
    void on_ready(bool in, bool out, int64_t now);
    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] bool wants_out() const { return connecting_ || !output_.empty(); }
    /// Nothing more will happen.
    [[nodiscard]] bool over() const { return over_; }
    [[nodiscard]] int64_t next_wake_ns() const { return session_ ? session_->next_wake_ns() : 0; }

  private:
    struct AddressDrop {
        void operator()(addrinfo* list) const { freeaddrinfo(list); }
    };
    using Addresses = std::unique_ptr<addrinfo, AddressDrop>;
    /// What the thread that looks names up leaves behind.
    struct Found {
        std::atomic<bool> done{false};
        Addresses addresses;
        int error = 0;
    };
    void look_up();
    void connect_next();
    void on_connected();
    void receive(int64_t now);
    void flush();
    void on_unit(const rtsp::Session::Unit& unit);
    void on_fault(const rtsp::Fault& fault);
    void follow(const std::string& to);
    void fail(surface::Reason reason, std::string text, bool elsewhere = false);
    void end();

    const Opening opening_;
    std::atomic<bool> connected_{false}, closing_{false};
    base::Mutex mutex_;
    std::optional<Trouble> trouble_ BW_GUARDED_BY(mutex_);
    std::vector<std::string> oddities_ BW_GUARDED_BY(mutex_);

    // The receiver's.
    std::function<void()> wake_;
    std::string uri_;
    std::shared_ptr<Found> found_;
    Addresses addresses_;  // of the name
    const addrinfo* next_address_ = nullptr;
    base::UniqueFd fd_;
    std::unique_ptr<rtsp::Session> session_;
    std::string output_;
    HeldCaps caps_;
    int64_t arrived_ns_ = 0;
    int moves_ = 0;
    size_t oddities_told_ = 0;
    bool connecting_ = false, login_ = true, over_ = false;
};

}  // namespace bw::media
