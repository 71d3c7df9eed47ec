// SPDX-License-Identifier: Apache-2.0
// Reads the site's files again, on a thread of its own: the frame loop waits for no disk.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "core/base/unique_fd.h"
#include "core/config/site.h"

namespace bw::compositor {

class SiteReader {
  public:
    explicit SiteReader(std::filesystem::path folder);
    ~SiteReader();
    SiteReader(const SiteReader&) = delete;
    SiteReader& operator=(const SiteReader&) = delete;

    /// Readable when a site was read.
    [[nodiscard]] int fd() const { return wake_.get(); }
    /// Reads once more; asked for several times meanwhile: once.
    void read();
    /// What was read last, once.
    std::optional<config::Loaded<config::Site>> take();

  private:
    void work();

    const std::filesystem::path folder_;
    base::UniqueFd wake_;
    std::mutex mutex_;
    std::condition_variable more_;
    bool wanted_ = false, stop_ = false;                  // guarded by mutex_
    std::optional<config::Loaded<config::Site>> result_;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace bw::compositor
