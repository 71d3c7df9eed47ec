// SPDX-License-Identifier: Apache-2.0
#include "core/hub/journal_writer.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/hub/damaged_files.h"

namespace bw::hub {

namespace {

// What is written behind waits up to this while the disk takes nothing.
constexpr size_t kMaxLaterBytes = 8 * 1024 * 1024;
constexpr int64_t kLongestRestNs = 10 * base::kSecond;
// Between two steps of sweeping, and when there was nothing left to sweep.
constexpr int64_t kSweepStepNs = 20 * base::kMillisecond, kSweepRestNs = 10 * base::kSecond;

size_t bytes_of(const std::vector<StoredPtr>& rows) {
    size_t bytes = 0;
    for (const StoredPtr& row : rows) bytes += row->json.size();
    return bytes;
}

}  // namespace

JournalWriter::JournalWriter(std::filesystem::path folder, Mailbox& mailbox)
    : folder_(std::move(folder)),
      file_(journal_file(folder_)),
      mailbox_(mailbox),
      mark_(folder_),
      thread_([this] { loop(); }) {}

JournalWriter::~JournalWriter() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

std::optional<Remembered> JournalWriter::remember(int64_t wait_ns,
                                                  std::function<void(Remembered)> late) {
    std::unique_lock lock(mutex_);
    looked_wake_.wait_for(lock, std::chrono::nanoseconds(wait_ns), [this] { return looked_; });
    if (past_) return std::exchange(past_, std::nullopt);
    late_ = std::move(late);
    return std::nullopt;
}

bool JournalWriter::append(Entry& entry) {
    const size_t bytes = bytes_of(entry.rows);
    {
        const std::lock_guard lock(mutex_);
        if (queued_bytes_ + bytes > (entry.done ? kMaxQueuedBytes : kMaxBehindBytes)) {
            if (!entry.done) ++state_.lost;
            return false;
        }
        queued_bytes_ += bytes;
        queue_.push_back(std::move(entry));
        if (held_) return true;
        due_ = true;
    }
    wake_.notify_one();
    return true;
}

void JournalWriter::hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
}

void JournalWriter::release() {
    {
        const std::lock_guard lock(mutex_);
        held_ = false;
        if (queue_.empty()) return;
        due_ = true;
    }
    wake_.notify_one();
}

void JournalWriter::found_damage(const std::string& why) {
    {
        const std::lock_guard lock(mutex_);
        damage_ = why;
    }
    wake_.notify_one();
}

JournalState JournalWriter::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

void JournalWriter::set_policy(const JournalPolicy& policy) {
    {
        const std::lock_guard lock(mutex_);
        policy_ = policy;
    }
    wake_.notify_one();
}

// Until there is something to write, or until it is time to try the disk again, to move the log or
// to sweep.
void JournalWriter::wait(std::unique_lock<std::mutex>& lock) {
    if (!looked_) return;  // the first look is at once
    const auto wanted = [this] { return ending_ || due_ || !damage_.empty(); };
    const int64_t now_ns = base::mono_ns();
    int64_t for_ns = kRetryNs;
    if (knows_past_ && is_written(state_.disk)) for_ns = checkpoints_.rest_ns(now_ns);
    if (sweeps()) for_ns = std::min(for_ns, sweep_ns_ - now_ns);
    if (strained_until_ns_ != 0) for_ns = std::min(for_ns, strained_until_ns_ - now_ns);
    for_ns = std::clamp<int64_t>(for_ns, 0, kLongestRestNs);
    wake_.wait_for(lock, std::chrono::nanoseconds(for_ns), wanted);
    // What is held comes in a moment, and before all that a clock says.
    if (held_ && !queue_.empty()) wake_.wait_for(lock, std::chrono::nanoseconds(kRetryNs), wanted);
}

bool JournalWriter::sweeps() const {
    return knows_past_ && state_.disk == Disk::well;
}

void JournalWriter::loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wait(lock);
        if (ending_ && queue_.empty()) break;
        Batch batch;
        batch.swap(queue_);
        queued_bytes_ = 0;
        due_ = false;
        const bool idle = batch.empty() && damage_.empty();
        const bool sweep_now = idle && sweeps() && base::mono_ns() >= sweep_ns_;
        const bool probes = !knows_past_ || !is_written(state_.disk) || eased();
        sweeper_.set_policy(policy_);
        lock.unlock();
        busy_since_ns_.store(base::mono_ns(), std::memory_order_relaxed);
        if (sweep_now)
            sweep();
        else if (!idle || probes)
            turn(batch);
        checkpoint(idle);
        busy_since_ns_.store(0, std::memory_order_relaxed);
        lock.lock();
    }
    lock.unlock();
    db_.reset();
}

// After the answers: for what was committed nobody waits any more.
void JournalWriter::checkpoint(bool idle) {
    if (!db_) return;
    checkpoints_.wrote(db_->log_frames());
    auto queue = Checkpoints::Queue::idle;
    if (!idle) {
        const std::lock_guard lock(mutex_);
        queue = queue_.empty() ? Checkpoints::Queue::empty : Checkpoints::Queue::busy;
    }
    if (!checkpoints_.due(queue, base::mono_ns())) return;
    const base::Status moved = checkpoints_.run(*db_);
    if (!moved && moved.error().code == disk_code::kUnsynced) db_.reset();
    if (!moved && moved.error().code == disk_code::kDamaged) found_damage(moved.error().text);
    tell_log();
}

base::Result<uint64_t> JournalWriter::sweep_step() {
    const int64_t wall = base::wall_ns(), mono = base::mono_ns();
    if (const auto begun = ages_.begin(*db_, wall, mono); !begun) return begun.error();
    const int64_t aged = ages_.now_ns(wall, mono);
    tell_ahead(wall);
    auto step = sweeper_.step(*db_, wall, aged);
    if (!step) return step;
    if (const auto kept = ages_.keep(*db_, mono); !kept) return kept.error();
    return step;
}

void JournalWriter::tell_ahead(int64_t wall_ns) {
    constexpr int64_t kDayNs = 24 * 3600 * base::kSecond;
    const int64_t days = ages_.behind_ns(wall_ns) / kDayNs;
    if (days > 0 && !told_ahead_)
        base::log_warning(
            "the clock is {} days ahead of what the journal knows: is it right? What is old goes "
            "later, as if {} of these days went by in each",
            days, AgeClock::kTimes);
    told_ahead_ = days > 0;
}

// One step; what is appended meanwhile waits for no more than that.
void JournalWriter::sweep() {
    base::Status status = open();
    uint64_t gone = 0;
    if (status && sweeper_.has_policy()) {
        const auto step = sweep_step();
        if (step) gone = *step;
        if (!step) status = step.error();
    }
    const bool rests = !sweeper_.has_policy() || sweeper_.rests() || !status;
    sweep_ns_ = base::mono_ns() + (rests ? kSweepRestNs : kSweepStepNs);
    if (!status) db_.reset();
    tell(status);
    const std::lock_guard lock(mutex_);
    state_.thinned += gone;
    if (!status && status.error().code == disk_code::kDamaged) damage_ = status.error().text;
}

void JournalWriter::turn(Batch& batch) {
    std::vector<Outcome> outcomes;
    std::string damage;
    {
        const std::lock_guard lock(mutex_);
        damage.swap(damage_);
    }
    base::Status status = look_back();
    if (status && !damage.empty()) status = set_aside(damage);
    if (status) {
        batch.insert(batch.begin(), std::make_move_iterator(later_.begin()),
                     std::make_move_iterator(later_.end()));
        later_.clear();
        outcomes.resize(batch.size());
        status = write(batch, outcomes);
    }
    outcomes.resize(batch.size());
    tell(status);
    keep_for_later(batch, outcomes);
    answer(batch, outcomes, state().text);
}

void JournalWriter::keep_for_later(Batch& batch, const std::vector<Outcome>& outcomes) {
    for (size_t i = 0; i < batch.size(); ++i)
        if (!outcomes[i].ok && !batch[i].done) later_.push_back(std::move(batch[i]));
    size_t bytes = 0, dropped = 0;
    for (const Entry& entry : later_) bytes += bytes_of(entry.rows);
    for (; bytes > kMaxLaterBytes; ++dropped) {
        bytes -= bytes_of(later_.front().rows);
        later_.pop_front();
    }
    const std::lock_guard lock(mutex_);
    state_.lost += dropped;
}

// In one go: at a thousand events a second, waking the loop for each would be most of the work.
void JournalWriter::answer(Batch& batch, std::vector<Outcome>& outcomes, const std::string& why) {
    std::vector<std::pair<std::function<void(const Outcome&)>, Outcome>> answers;
    answers.reserve(batch.size());
    for (size_t i = 0; i < batch.size(); ++i) {
        if (!batch[i].done) continue;
        if (!outcomes[i].ok) outcomes[i].text = why;
        outcomes[i].rows = std::move(batch[i].rows);  // freed by the loop, which made them
        answers.emplace_back(std::move(batch[i].done), std::move(outcomes[i]));
    }
    if (answers.empty()) return;
    mailbox_.post([answers = std::move(answers)] {
        for (const auto& [done, outcome] : answers) done(outcome);
    });
}

}  // namespace bw::hub
