// SPDX-License-Identifier: Apache-2.0
// Encodes pictures as PNG on a thread of its own. Jobs and results cross under one mutex; fd()
// becomes readable when results wait.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/unique_fd.h"

namespace bw::compositor {

/// RGBA, rows top down, packed.
struct Pixels {
    int width = 0, height = 0;
    std::vector<std::byte> rgba;
};
/// Empty on failure. Opaque: alpha is left out.
std::vector<std::byte> encode_png(const Pixels& pixels);

class PngWorker {
  public:
    using Done = std::function<void(std::vector<std::byte> png)>;
    PngWorker();
    ~PngWorker();
    PngWorker(const PngWorker&) = delete;
    PngWorker& operator=(const PngWorker&) = delete;

    [[nodiscard]] int fd() const { return wake_.get(); }
    void encode(Pixels pixels, Done done);
    /// Calls `done` of everything finished, on the caller's thread.
    void deliver();

  private:
    struct Job {
        Pixels pixels;
        Done done;
        std::vector<std::byte> png;
    };
    void work();

    base::UniqueFd wake_;
    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<Job> waiting_, finished_;  // guarded by mutex_
    bool stop_ = false;                   // guarded by mutex_
    std::thread thread_;
};

}  // namespace bw::compositor
