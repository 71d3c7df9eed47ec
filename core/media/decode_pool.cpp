// SPDX-License-Identifier: Apache-2.0
#include "core/media/decode_pool.h"

#include <algorithm>

#include "core/base/clock.h"

namespace bw::media {

struct DecodePool::Worker {
    // Guarded by State::mutex.
    std::shared_ptr<Task> task;  // nothing: it waits
    int64_t since_ns = 0;
    bool left = false, done = false;
};

struct DecodePool::State {
    std::mutex mutex;
    std::condition_variable news, ended;
    std::deque<std::shared_ptr<Task>> queue;
    unsigned spare = 0;  // workers more than there should be
    bool closing = false;
};

DecodePool::DecodePool(unsigned threads) : state_(std::make_shared<State>()) {
    if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < threads; ++i) add_worker();
}

DecodePool::~DecodePool() {
    close(INT64_MAX);
}

void DecodePool::add_worker() {
    auto worker = std::make_shared<Worker>();
    workers_.emplace_back(std::thread([state = state_, worker] { run(state, worker); }), worker);
}

void DecodePool::schedule(const std::shared_ptr<Task>& task) {
    {
        std::lock_guard lock(state_->mutex);
        if (task->turn_ == Task::Turn::running) task->turn_ = Task::Turn::again;
        if (task->turn_ != Task::Turn::idle || state_->closing) return;
        task->turn_ = Task::Turn::queued;
        state_->queue.push_back(task);
    }
    state_->news.notify_one();
}

void DecodePool::run(const std::shared_ptr<State>& state, const std::shared_ptr<Worker>& worker) {
    std::unique_lock lock(state->mutex);
    while (true) {
        state->news.wait(lock, [&] { return state->closing || !state->queue.empty(); });
        if (state->closing) break;
        const auto task = std::move(state->queue.front());
        state->queue.pop_front();
        task->turn_ = Task::Turn::running;
        worker->task = task;
        worker->since_ns = base::mono_ns();
        lock.unlock();
        const bool more = task->work();
        lock.lock();
        worker->task.reset();
        if (worker->left) break;  // somebody else has its place and has told the task's owner
        const bool again = more || task->turn_ == Task::Turn::again;
        task->turn_ = again ? Task::Turn::queued : Task::Turn::idle;
        if (again) state->queue.push_back(task);
        if (state->spare > 0 && state->queue.empty()) {
            --state->spare;
            break;
        }
    }
    worker->done = true;
    state->ended.notify_all();
}

/// For a thread that was given up; a spare one takes its place for good.
void DecodePool::replace() {
    {
        std::lock_guard lock(state_->mutex);
        if (state_->spare > 0) {
            --state_->spare;
            return;
        }
    }
    add_worker();
}

/// While all are at something that takes long, one more sees to those who wait.
void DecodePool::stand_in(int64_t now) {
    {
        std::lock_guard lock(state_->mutex);
        const bool free = std::any_of(workers_.begin(), workers_.end(), [&](const auto& entry) {
            return !entry.second->task || now - entry.second->since_ns < kLongNs;
        });
        if (free || state_->queue.empty() || state_->spare >= kMostStuck) return;
        ++state_->spare;
    }
    add_worker();
}

void DecodePool::join_done() {
    std::unique_lock lock(state_->mutex);
    for (auto& [thread, worker] : workers_) {
        if (!worker->done) continue;
        lock.unlock();
        thread.join();
        lock.lock();
    }
    std::erase_if(workers_, [](const auto& entry) { return !entry.first.joinable(); });
}

bool DecodePool::tick(int64_t now) {
    join_done();
    stand_in(now);
    std::vector<std::shared_ptr<Task>> stuck;
    {
        std::lock_guard lock(state_->mutex);
        std::erase_if(workers_, [&](auto& entry) {
            auto& [thread, worker] = entry;
            if (!worker->task || now - worker->since_ns < kPatienceNs) return false;
            worker->left = true;
            thread.detach();
            stuck.push_back(worker->task);
            return true;
        });
    }
    for (const auto& task : stuck) {
        ++given_up_;
        replace();
        task->stuck();
    }
    return given_up_ <= kMostStuck;
}

void DecodePool::close(int64_t deadline) {
    {
        std::lock_guard lock(state_->mutex);
        state_->closing = true;
        state_->queue.clear();
    }
    state_->news.notify_all();
    for (auto& [thread, worker] : workers_) {
        std::unique_lock lock(state_->mutex);
        bool done = worker->done;
        while (!done && (deadline == INT64_MAX || base::mono_ns() < deadline)) {
            state_->ended.wait_for(lock, std::chrono::milliseconds(20));
            done = worker->done;
        }
        lock.unlock();
        if (done)
            thread.join();
        else
            thread.detach();
    }
    workers_.clear();
}

}  // namespace bw::media
