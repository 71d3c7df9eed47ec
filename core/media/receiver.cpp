// SPDX-License-Identifier: Apache-2.0
#include "core/media/receiver.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <map>
#include <thread>
#include <vector>

#include "core/base/clock.h"
#include "core/base/mutex.h"
#include "core/base/unique_fd.h"
#include "core/media/rtsp_line.h"

namespace bw::media {

using LinePtr = std::shared_ptr<RtspLine>;

/// The thread and what it turns around. Lines belong to it; others only add and wake.
class Receiver::Loop : public std::enable_shared_from_this<Loop> {
  public:
    void start() {
        thread_ = std::thread([this] { run(); });
    }
    void stop() {
        stopping_.store(true);
        wake_.ring();
        thread_.join();
    }
    void add(LinePtr line) {
        {
            base::Lock lock(mutex_);
            added_.push_back(std::move(line));
        }
        wake_.ring();
    }
    void wake() { wake_.ring(); }

  private:
    struct Watched {
        LinePtr line;
        int fd = -1;
        bool out = false;
    };
    void run();
    void take_added();
    void tick_all(int64_t now);
    void watch(Watched& one);
    [[nodiscard]] int patience(int64_t now) const;

    std::thread thread_;
    std::atomic<bool> stopping_{false};
    const Wake wake_;
    base::Mutex mutex_;
    std::vector<LinePtr> added_ BW_GUARDED_BY(mutex_);
    base::UniqueFd epoll_;
    std::map<RtspLine*, Watched> lines_;
};

void Receiver::Loop::take_added() {
    std::vector<LinePtr> added;
    {
        base::Lock lock(mutex_);
        added.swap(added_);
    }
    for (auto& line : added) {
        line->start([loop = weak_from_this()] {
            if (const auto here = loop.lock()) here->wake();
        });
        auto* key = line.get();
        lines_[key] = Watched{std::move(line)};
    }
}

/// Tells epoll what has changed: another socket, or whether there is something to send.
void Receiver::Loop::watch(Watched& one) {
    const int fd = one.line->fd();
    const bool out = one.line->wants_out();
    if (fd == one.fd && out == one.out) return;
    epoll_event event{};
    event.events = EPOLLIN | (out ? EPOLLOUT : 0U);
    event.data.ptr = one.line.get();
    // A socket that was closed has left epoll by itself; its number may be in use again.
    if (fd >= 0 && epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) != 0)
        (void)epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
    one.fd = fd;
    one.out = out;
}

void Receiver::Loop::tick_all(int64_t now) {
    for (auto it = lines_.begin(); it != lines_.end();) {
        it->second.line->tick(now);
        watch(it->second);
        it = it->second.line->over() ? lines_.erase(it) : std::next(it);
    }
}

int Receiver::Loop::patience(int64_t now) const {
    int64_t wake = now + base::kSecond;
    for (const auto& [key, one] : lines_)
        if (const int64_t at = one.line->next_wake_ns(); at != 0) wake = std::min(wake, at);
    return static_cast<int>(std::max<int64_t>(0, (wake - now) / base::kMillisecond + 1));
}

void Receiver::Loop::run() {
    epoll_ = base::UniqueFd(epoll_create1(EPOLL_CLOEXEC));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = nullptr;
    (void)epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.fd(), &event);
    std::array<epoll_event, 64> ready{};
    int64_t ticked_ns = 0;
    while (!stopping_.load()) {
        const int64_t before = base::mono_ns();
        const int count = epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()),
                                     patience(before));
        const int64_t now = base::mono_ns();
        bool woken = count == 0 || now - ticked_ns > base::kSecond;
        for (int i = 0; i < count; ++i) {
            auto* line = static_cast<RtspLine*>(ready[static_cast<size_t>(i)].data.ptr);
            if (line == nullptr) {
                wake_.drain();
                woken = true;
                continue;
            }
            const auto it = lines_.find(line);
            if (it == lines_.end()) continue;
            const uint32_t events = ready[static_cast<size_t>(i)].events;
            line->on_ready((events & ~static_cast<uint32_t>(EPOLLOUT)) != 0,
                           (events & EPOLLOUT) != 0, now);
            watch(it->second);
            woken = woken || line->over();
        }
        if (!woken) continue;
        ticked_ns = now;
        take_added();
        tick_all(now);
    }
    for (auto& [key, one] : lines_) one.line->close();
    tick_all(base::mono_ns());
}

namespace {

class RtspIntake : public Intake {
  public:
    RtspIntake(LinePtr line, std::function<void()> wake)
        : line_(std::move(line)), wake_(std::move(wake)) {}
    ~RtspIntake() override {
        line_->close();
        wake_();
    }
    std::optional<Trouble> trouble() override { return line_->trouble(); }
    [[nodiscard]] bool connected() const override { return line_->connected(); }
    std::vector<std::string> oddities() override { return line_->oddities(); }

  private:
    const LinePtr line_;
    const std::function<void()> wake_;
};

}  // namespace

Receiver::Receiver() : loop_(std::make_shared<Loop>()) {
    loop_->start();
}

Receiver::~Receiver() {
    loop_->stop();
}

std::unique_ptr<Intake> Receiver::open(Opening opening) {
    auto line = std::make_shared<RtspLine>(std::move(opening));
    loop_->add(line);
    return std::make_unique<RtspIntake>(std::move(line), [loop = loop_] { loop->wake(); });
}

}  // namespace bw::media
