// SPDX-License-Identifier: Apache-2.0
// The threads that decode, shared by all streams: as many as there are cores, however many cameras.
// A task runs on one thread at a time and is asked again as long as it says that there is more,
// each time behind those that wait. A task that does not come back (a decoder that hangs) costs its
// thread, which is replaced, and for a moment, while all are at it, the others' turn.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace bw::media {

class DecodePool {
  public:
    class Task {
      public:
        virtual ~Task() = default;
        /// [worker] Some work, for some milliseconds; true: there is more.
        virtual bool work() = 0;
        /// [main] It has not come back for too long; its thread is given up.
        virtual void stuck() = 0;

      private:
        friend class DecodePool;
        enum class Turn : uint8_t { idle, queued, running, again };
        Turn turn_ = Turn::idle;  // guarded by the pool's mutex
    };

    /// `threads`: 0: as many as there are cores.
    explicit DecodePool(unsigned threads = 0);
    /// Waits for the tasks that run, but not for those that are stuck.
    ~DecodePool();
    DecodePool(const DecodePool&) = delete;
    DecodePool& operator=(const DecodePool&) = delete;

    /// [any] There is work. A task that is queued already stays where it is.
    void schedule(const std::shared_ptr<Task>& task);
    /// [main] Replaces threads that do not come back; false: too many have been given up, the
    /// process should end.
    bool tick(int64_t now);
    /// [main] As the destructor, but leaves those behind that do not come back by `deadline`.
    void close(int64_t deadline);

    /// A picture takes some milliseconds; who takes so long has a stand-in, and is given up later.
    static constexpr int64_t kLongNs = 250'000'000, kPatienceNs = 5'000'000'000;
    static constexpr int kMostStuck = 4;

    /// [main] How many there are at the moment.
    [[nodiscard]] size_t threads() const { return workers_.size(); }

  private:
    struct Worker;
    struct State;
    static void run(const std::shared_ptr<State>& state, const std::shared_ptr<Worker>& worker);
    void add_worker();
    void stand_in(int64_t now);
    void replace();
    void join_done();
    const std::shared_ptr<State> state_;  // outlives the pool in threads that are left behind
    std::vector<std::pair<std::thread, std::shared_ptr<Worker>>> workers_;
    int given_up_ = 0;
};

}  // namespace bw::media
