// SPDX-License-Identifier: Apache-2.0
// Ends intakes away from the main loop: a camera that is gone can hold up a teardown for seconds.
// Main thread only; each teardown runs on a thread of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "core/media/intake.h"

namespace bw::media {

class Reaper {
  public:
    static constexpr int64_t kBudgetNs = 3'000'000'000;
    static constexpr int kMostStuck = 8;

    void bury(std::unique_ptr<Intake> intake, std::string name, int64_t now);
    /// Joins what is done and names what exceeds its budget. False when so many are stuck that only
    /// a new process gets their memory back.
    bool tick(int64_t now);
    /// How many of that name are not closed yet.
    [[nodiscard]] int waiting(std::string_view name) const;
    [[nodiscard]] bool idle() const { return burials_.empty(); }
    /// Leaves the threads that are still stuck alone: only for a process that exits next.
    void abandon();
    ~Reaper();

  private:
    struct Burial {
        std::thread thread;
        std::shared_ptr<std::atomic<bool>> done;
        std::string name;
        int64_t since_ns = 0;
        bool stuck = false;
    };
    std::list<Burial> burials_;
};

}  // namespace bw::media
