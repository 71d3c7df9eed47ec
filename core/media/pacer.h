// SPDX-License-Identifier: Apache-2.0
// Plays files at their own pace. Their units are read some ahead, and one thread for all files
// hands each to its flow when it is due: with a thread per file, sixteen files cost a tenth more
// in changes of thread alone.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/media/unit.h"

namespace bw::media {

class Flow;

class Pacer {
  public:
    /// One file's units on their way to a flow.
    class Line;

    Pacer();
    ~Pacer();
    Pacer(const Pacer&) = delete;
    Pacer& operator=(const Pacer&) = delete;

    /// [any]
    std::shared_ptr<Line> open(std::shared_ptr<Flow> flow);

    /// Read ahead: as much as one turn of a reading thread is worth, some pictures of 4 MB at most.
    static constexpr size_t kMostAhead = 8, kFewAhead = 2;

  private:
    struct State;
    static void run(const std::shared_ptr<State>& state);
    const std::shared_ptr<State> state_;
    std::thread thread_;
};

class Pacer::Line {
  public:
    Line(std::shared_ptr<State> state, std::shared_ptr<Flow> flow);
    /// [streaming] Takes the unit that is to be shown at `time_ns` of the file's own clock, which
    /// begins anywhere and grows. Blocks while enough are waiting. false: closed.
    bool put(Unit unit, int64_t time_ns);
    /// [any] Drops what waits, and lets put() go on: the file is played from elsewhere.
    void flush();
    /// [any] As flush(), for good.
    void close();

  private:
    friend class Pacer;
    struct Waiting {
        Unit unit;
        int64_t due_ns;
    };
    void hand_on(Unit unit);

    const std::shared_ptr<State> state_;
    const std::shared_ptr<Flow> flow_;
    std::condition_variable room_;
    // Guarded by State::mutex.
    std::deque<Waiting> waiting_;
    int64_t began_ns_ = 0;  // CLOCK_MONOTONIC at the file's time 0; 0: not begun
    bool closed_ = false;
    int64_t handed_ns_ = 0;  // the pacer's thread only
};

}  // namespace bw::media
