// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/site_reader.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

#include "core/base/paths.h"

namespace bw::compositor {

SiteReader::SiteReader(std::filesystem::path folder)
    : folder_(std::move(folder)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    thread_ = std::thread([this] { work(); });
}

SiteReader::~SiteReader() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    more_.notify_one();
    thread_.join();
}

void SiteReader::read() {
    {
        std::lock_guard lock(mutex_);
        wanted_ = true;
    }
    more_.notify_one();
}

void SiteReader::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        more_.wait(lock, [this] { return stop_ || wanted_; });
        if (stop_) return;
        wanted_ = false;
        lock.unlock();
        const auto plugins = config::find_plugins(base::plugin_folders());
        auto site = config::load_site(folder_, plugins.value);
        lock.lock();
        result_ = std::move(site);
        const uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof(one));
    }
}

std::optional<config::Loaded<config::Site>> SiteReader::take() {
    uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof(count));
    std::lock_guard lock(mutex_);
    return std::exchange(result_, std::nullopt);
}

}  // namespace bw::compositor
