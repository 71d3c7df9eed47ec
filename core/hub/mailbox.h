// SPDX-License-Identifier: Apache-2.0
// How other threads reach the hub's loop, and a thread that runs what would make the loop wait.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "core/base/unique_fd.h"

namespace bw::hub {

/// post() from any thread; fd() and run() on the loop.
class Mailbox {
  public:
    Mailbox();
    void post(std::function<void()> task);
    [[nodiscard]] int fd() const { return event_.get(); }
    void run();

  private:
    base::UniqueFd event_;
    std::mutex mutex_;
    std::deque<std::function<void()>> tasks_;  // guarded by mutex_
};

/// One thread; `work` runs there, in order. The destructor finishes what is queued.
class Worker {
  public:
    Worker();
    ~Worker();
    void post(std::function<void()> work);

  private:
    void loop();
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> work_;  // guarded by mutex_
    bool ending_ = false;                     // guarded by mutex_
    std::thread thread_;
};

}  // namespace bw::hub
