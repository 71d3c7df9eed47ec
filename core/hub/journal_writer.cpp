// SPDX-License-Identifier: Apache-2.0
#include "core/hub/journal_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/hub/damaged_files.h"

namespace bw::hub {

namespace {

constexpr int64_t kRetryNs = base::kSecond;
// What is written behind waits up to this while the disk takes nothing.
constexpr size_t kMaxLaterBytes = 8 * 1024 * 1024;
// A file that is damaged again at once is the disk's fault: no more of them are made.
constexpr int64_t kSetAsideApartNs = 60 * base::kSecond;
// Between two steps of sweeping, and when there was nothing left to sweep.
constexpr int64_t kSweepStepNs = 20 * base::kMillisecond, kSweepRestNs = 10 * base::kSecond;
constexpr int64_t kSalvageNs = 3 * base::kSecond;

// The code of a disk that was not tried with everything.
constexpr const char* kAsBefore = "as before";

size_t file_bytes(const std::filesystem::path& file) {
    std::error_code none;
    const auto size = std::filesystem::file_size(file, none);
    return none ? 0 : size;
}

size_t bytes_of(const std::vector<StoredPtr>& rows) {
    size_t bytes = 0;
    for (const StoredPtr& row : rows) bytes += row->json.size();
    return bytes;
}

/// Durable events and commands: in the order of their sequence, before all else.
bool is_firm(const JournalWriter::Entry& entry) {
    return entry.done || entry.rows.front()->kept != Kept::telemetry;
}

Disk disk_of(const std::string& code) {
    if (code == disk_code::kFull) return Disk::full;
    if (code == disk_code::kReadOnly) return Disk::read_only;
    if (code == disk_code::kDamaged) return Disk::damaged;
    return Disk::failing;
}

std::string advice(Disk disk, const std::string& folder) {
    if (disk == Disk::read_only) return "make it writable: " + folder;
    if (disk == Disk::damaged) return "look after the disk of " + folder;
    if (disk == Disk::failing) return "look after the disk of " + folder + ", or make it writable";
    return "make room in " + folder;
}

}  // namespace

const char* disk_word(Disk disk) {
    constexpr const char* kWords[] = {"well", "full", "read-only", "failing", "damaged", "hung"};
    return kWords[static_cast<size_t>(disk)];
}

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

bool JournalWriter::append(Entry entry) {
    const size_t bytes = bytes_of(entry.rows);
    {
        const std::lock_guard lock(mutex_);
        if (queued_bytes_ + bytes > (entry.done ? kMaxQueuedBytes : kMaxBehindBytes)) {
            if (!entry.done) ++state_.lost;
            return false;
        }
        queued_bytes_ += bytes;
        queue_.push_back(std::move(entry));
    }
    wake_.notify_one();
    return true;
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

// Until there is something to write, or until it is time to try the disk again or to sweep.
void JournalWriter::wait(std::unique_lock<std::mutex>& lock) {
    if (!looked_) return;  // the first look is at once
    const auto wanted = [this] { return ending_ || !queue_.empty() || !damage_.empty(); };
    int64_t for_ns = kRetryNs;
    if (knows_past_ && state_.disk == Disk::well) for_ns = sweep_ns_ - base::mono_ns();
    wake_.wait_for(lock, std::chrono::nanoseconds(std::max<int64_t>(for_ns, 0)), wanted);
}

void JournalWriter::loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wait(lock);
        if (ending_ && queue_.empty()) break;
        Batch batch;
        batch.swap(queue_);
        queued_bytes_ = 0;
        const bool idle = batch.empty() && damage_.empty();
        const bool sweeps = idle && knows_past_ && state_.disk == Disk::well;
        sweeper_.set_policy(policy_);
        lock.unlock();
        busy_since_ns_.store(base::mono_ns(), std::memory_order_relaxed);
        if (sweeps)
            sweep();
        else
            turn(batch);
        busy_since_ns_.store(0, std::memory_order_relaxed);
        lock.lock();
    }
    lock.unlock();
    db_.reset();
}

// One step; what is appended meanwhile waits for no more than that.
void JournalWriter::sweep() {
    base::Status status = open();
    uint64_t gone = 0;
    if (status && sweeper_.has_policy()) {
        const auto step = sweeper_.step(*db_, base::wall_ns());
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

base::Status JournalWriter::look_back() {
    if (knows_past_) return {};
    base::Result<Remembered> past = read_past();
    if (past) {
        knows_past_ = true;
        tell_past(std::move(*past));
    }
    {
        const auto names = damaged_files(folder_);
        const std::lock_guard lock(mutex_);
        looked_ = true;
        state_.damaged = names;
    }
    looked_wake_.notify_all();
    return past ? base::Status() : past.error();
}

base::Result<Remembered> JournalWriter::read_past() {
    std::error_code none;
    bool fresh = !std::filesystem::exists(file_, none);
    if (const auto opened = open(); !opened) {
        if (opened.error().code == disk_code::kDamaged) {
            if (const auto aside = set_aside(opened.error().text); !aside) return aside.error();
            fresh = true;
        } else if (auto reader = Database::open(file_, Database::Mode::read)) {
            return reader->remember();  // nothing can be written, but all is known
        } else {
            return opened.error();
        }
    }
    auto past = db_->remember();
    if (!past && past.error().code == disk_code::kDamaged) {
        if (const auto aside = set_aside(past.error().text); !aside) return aside.error();
        fresh = true;
        past = db_->remember();
    }
    // What the last hub gave out last may stand in no file any more.
    if (past && fresh) past->sequence = std::max(past->sequence, mark_.read());
    return past;
}

void JournalWriter::tell_past(Remembered past) {
    const std::lock_guard lock(mutex_);
    if (!late_) {
        past_ = std::move(past);
        return;
    }
    auto shared = std::make_shared<Remembered>(std::move(past));
    mailbox_.post([late = std::move(late_), shared] { late(std::move(*shared)); });
    late_ = nullptr;
}

base::Status JournalWriter::write(const Batch& batch, std::vector<Outcome>& outcomes) {
    // While the disk takes nothing, what is written behind is tried once a second only.
    const bool ill = state().disk != Disk::well;
    const bool firm = std::any_of(batch.begin(), batch.end(), is_firm);
    base::Status status;
    if (!ill || !firm || base::mono_ns() >= retry_ns_) {
        status = write_once(batch, true, outcomes);
        if (!status && status.error().code == disk_code::kDamaged) {
            const auto aside = set_aside(status.error().text);
            status = aside ? write_once(batch, true, outcomes) : aside;
        }
        if (status) return status;
        retry_ns_ = base::mono_ns() + kRetryNs;
        if (!firm || status.error().code != disk_code::kFull) return status;
    } else {
        status = base::Error{kAsBefore, ""};
    }
    // Room for telemetry is not there; there may be some for what must not be lost.
    if (const auto firmly = write_once(batch, false, outcomes); !firmly) return firmly;
    return status;
}

base::Status JournalWriter::write_once(const Batch& batch, bool all,
                                       std::vector<Outcome>& outcomes) {
    std::fill(outcomes.begin(), outcomes.end(), Outcome{});
    if (const auto opened = open(); !opened) return opened;
    const auto fail = [&](const base::Error& why) {
        std::fill(outcomes.begin(), outcomes.end(), Outcome{});
        if (db_) db_->rollback();
        // A disk that comes back is met with a fresh connection. One that was only full is as it
        // was, and a fresh connection may have to read a long log first.
        if (why.code != disk_code::kFull) db_.reset();
        return why;
    };
    if (const auto begun = begin(); !begun) return fail(begun.error());
    if (batch.empty())
        if (const auto probed = db_->probe(); !probed) return fail(probed.error());
    for (size_t i = 0; i < batch.size(); ++i)
        if (all || is_firm(batch[i]))
            if (const auto written = write_entry(batch[i], outcomes[i]); !written)
                return fail(written.error());
    if (const auto committed = db_->commit(); !committed) return fail(committed.error());
    ghosts_ = false;
    return {};
}

// What was refused must not come back to life: it would be in the journal, and nobody has it.
base::Status JournalWriter::begin() {
    if (const auto begun = db_->begin(); !begun) return begun;
    if (ghosts_) return db_->cut_behind(known_row_);
    const auto last = db_->last_row();
    if (!last) return last.error();
    known_row_ = *last;
    ghosts_ = true;  // until it is known that it was committed
    return {};
}

base::Status JournalWriter::write_entry(const Entry& entry, Outcome& outcome) {
    for (const StoredPtr& row : entry.rows) {
        if (static_cast<int>(row->kept) >= kImported) {
            const auto added = db_->import(*row);
            if (!added) return added.error();
            outcome.added += *added ? 1 : 0;
            continue;
        }
        if (row->kept != Kept::telemetry)
            if (const auto covered = mark_.cover(row->sequence); !covered) return covered;
        const auto already = db_->append(*row);
        if (!already) return already.error();
        if (*already == 0) continue;
        outcome.already = *already;
        break;
    }
    outcome.ok = true;
    return {};
}

base::Status JournalWriter::open() {
    if (db_) return {};
    auto db = Database::open(file_, Database::Mode::write);
    if (!db) return db.error();
    db_.emplace(std::move(*db));
    return {};
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
    for (size_t i = 0; i < batch.size(); ++i) {
        if (!batch[i].done) continue;
        if (!outcomes[i].ok) outcomes[i].text = why;
        answers.emplace_back(std::move(batch[i].done), std::move(outcomes[i]));
    }
    if (answers.empty()) return;
    mailbox_.post([answers = std::move(answers)] {
        for (const auto& [done, outcome] : answers) done(outcome);
    });
}

base::Status JournalWriter::set_aside(const std::string& why) {
    const int64_t now = base::mono_ns();
    if (set_aside_ns_ != INT64_MIN && now - set_aside_ns_ < kSetAsideApartNs)
        return base::Error{disk_code::kDamaged,
                           fmt::format("the journal is damaged again ({})", why)};
    db_.reset();
    const auto moved = move_aside(folder_);
    if (!moved) return base::Error{disk_code::kDamaged, moved.error().text};
    set_aside_ns_ = now;
    ghosts_ = false;
    if (const auto opened = open(); !opened) return opened;
    const auto saved = salvage(*moved, *db_, kSalvageNs);
    base::log_error(
        "the journal was damaged ({}) and is set aside as {}; {} rows of it are in the "
        "new one",
        why, moved->filename().string(), saved ? *saved : 0);
    const auto names = damaged_files(folder_);
    const std::lock_guard lock(mutex_);
    state_.damaged = names;
    ++state_.set_aside;
    return {};
}

/// What people see: once when it changes.
void JournalWriter::tell(const base::Status& status) {
    const size_t bytes = file_bytes(file_) + file_bytes(file_.string() + "-wal");
    std::string text;
    {
        const std::lock_guard lock(mutex_);
        state_.bytes = bytes;
        Disk disk = status ? Disk::well : disk_of(status.error().code);
        if (!status && status.error().code == kAsBefore) disk = state_.disk;
        if (disk == state_.disk) return;
        state_.disk = disk;
        state_.since_ns = base::wall_ns();
        state_.text.clear();
        if (!status)
            state_.text = fmt::format("{}: nothing more is recorded; {}", status.error().text,
                                      advice(disk, folder_.string()));
        text = state_.text;
    }
    if (text.empty())
        base::log_info("the journal is written again");
    else
        base::log_error("{}", text);
    mailbox_.post([] {});  // the loop looks
}

}  // namespace bw::hub
