// SPDX-License-Identifier: Apache-2.0
#include "core/sdk/service/service.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <system_error>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/mutex.h"
#include "core/base/unique_fd.h"

namespace bw::sdk {
namespace {

struct Timer {
    int64_t interval_ns = 0, due_ns = 0;  // interval 0: once
    std::function<void()> tick;
};

struct Watched {
    int fd = -1;
    std::function<void()> ready;
};

/// Ends a process that nobody can help: says which variable is missing and how services start.
[[noreturn]] void refuse(const std::string& what) {
    std::fprintf(stderr, "%s; a service is started by `beaconwall run`\n", what.c_str());
    std::exit(2);
}

std::string need(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') refuse(std::string(name) + " is not set");
    return value;
}

std::string optional(const char* name, const char* fallback) {
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? fallback : value;
}

/// SIGTERM and SIGINT as a descriptor; blocked before any thread exists, so that none can get them.
base::UniqueFd stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    return base::UniqueFd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

class RealService final : public Service {
  public:
    RealService(base::UniqueFd stop, std::unique_ptr<events::Client> wire)
        : stop_(std::move(stop)),
          posted_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          wire_(std::move(wire)) {}

    events::Client& wire() override { return *wire_; }
    [[nodiscard]] const std::string& name() const override { return name_; }
    [[nodiscard]] const std::filesystem::path& site() const override { return site_; }
    [[nodiscard]] std::filesystem::path site_data() const override { return site_ / "data"; }
    [[nodiscard]] const std::string& language() const override { return language_; }
    [[nodiscard]] std::filesystem::path state() const override {
        std::error_code ignored;
        if (!state_.empty()) std::filesystem::create_directories(state_, ignored);
        return state_;
    }

    void every(int64_t interval_ms, std::function<void()> tick) override {
        int64_t interval_ns = std::max<int64_t>(1, interval_ms) * base::kMillisecond;
        timers_.push_back({interval_ns, base::mono_ns() + interval_ns, std::move(tick)});
    }
    void after(int64_t delay_ms, std::function<void()> once) override {
        timers_.push_back({0, base::mono_ns() + delay_ms * base::kMillisecond, std::move(once)});
    }
    void watch(int fd, std::function<void()> ready) override {
        watched_.push_back({fd, std::move(ready)});
    }
    void post(std::function<void()> task) override;
    int run() override;

    std::filesystem::path site_, state_;
    std::string name_, language_;

  private:
    void run_timers();
    void run_posted();
    [[nodiscard]] int wait_ms() const;

    base::UniqueFd stop_, posted_fd_;
    base::Mutex mutex_;
    std::deque<std::function<void()>> posted_ BW_GUARDED_BY(mutex_);
    std::unique_ptr<events::Client> wire_;
    std::vector<Timer> timers_;
    std::vector<Watched> watched_;
};

void RealService::run_timers() {
    // By index: a tick may add timers.
    for (size_t i = 0; i < timers_.size(); ++i) {
        int64_t now = base::mono_ns();
        if (timers_[i].due_ns > now) continue;
        auto tick = timers_[i].tick;
        int64_t interval = timers_[i].interval_ns;
        if (interval == 0) {
            timers_.erase(timers_.begin() + static_cast<ptrdiff_t>(i--));
        } else {
            timers_[i].due_ns += ((now - timers_[i].due_ns) / interval + 1) * interval;
        }
        tick();
    }
}

void RealService::post(std::function<void()> task) {
    {
        base::Lock lock(mutex_);
        posted_.push_back(std::move(task));
    }
    // Full at 2^64 - 1 wakes alone, and then it wakes anyway.
    (void)eventfd_write(posted_fd_.get(), 1);
}

void RealService::run_posted() {
    eventfd_t ignored = 0;
    if (eventfd_read(posted_fd_.get(), &ignored) != 0) return;
    std::deque<std::function<void()>> tasks;
    {
        base::Lock lock(mutex_);
        tasks.swap(posted_);
    }
    for (auto& task : tasks) task();
}

int RealService::wait_ms() const {
    int64_t wake = wire_->next_wake_ns();
    for (const Timer& timer : timers_) {
        if (wake == 0 || timer.due_ns < wake) wake = timer.due_ns;
    }
    if (wake == 0) return 1000;
    int64_t left = wake - base::mono_ns();
    return static_cast<int>(
        std::clamp<int64_t>((left + base::kMillisecond - 1) / base::kMillisecond, 0, 1000));
}

int RealService::run() {
    while (true) {
        // NOTE: the wire's descriptor is edge-triggered and publishing can swallow an edge: pump
        // before every wait.
        wire_->pump();
        run_timers();
        run_posted();
        wire_->pump();
        std::vector<pollfd> fds{
            {stop_.get(), POLLIN, 0}, {wire_->fd(), POLLIN, 0}, {posted_fd_.get(), POLLIN, 0}};
        const size_t ours = fds.size();
        for (const Watched& watched : watched_) fds.push_back({watched.fd, POLLIN, 0});
        if (::poll(fds.data(), fds.size(), wait_ms()) < 0 && errno != EINTR) return 1;
        if ((fds[0].revents & POLLIN) != 0) return 0;
        for (size_t i = ours; i < fds.size(); ++i) {
            if (fds[i].revents == 0) continue;
            auto ready = watched_[i - ours].ready;
            ready();
        }
    }
}

}  // namespace

std::unique_ptr<Service> Service::from_environment() {
    std::string plugin = need("BEACONWALL_PLUGIN");
    base::log_init("service " + plugin);
    events::Client::Options options;
    options.name = "service:" + plugin;
    options.listen_fd = std::atoi(need("BEACONWALL_WIRE_FD").c_str());
    options.listen_path = need("BEACONWALL_WIRE_PATH");
    std::string site = need("BEACONWALL_SITE");
    if (options.listen_fd <= 2) refuse("BEACONWALL_WIRE_FD is no descriptor above 2");

    base::UniqueFd stop = stop_signals();
    auto wire = events::Client::open(std::move(options));
    if (!wire) refuse("the event wire does not open: " + wire.error().text);
    auto service = std::make_unique<RealService>(std::move(stop), std::move(*wire));
    service->name_ = plugin;
    service->site_ = site;
    service->state_ = optional("BEACONWALL_STATE", "");
    service->language_ = optional("BEACONWALL_LANGUAGE", "zh");
    return service;
}

}  // namespace bw::sdk
