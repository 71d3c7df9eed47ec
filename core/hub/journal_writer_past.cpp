// SPDX-License-Identifier: Apache-2.0
// What the last hub left, and a file that is no journal any more: on the writer's thread.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/hub/damaged_files.h"
#include "core/hub/journal_writer.h"

namespace bw::hub {

namespace {
// A file that is damaged again at once is the disk's fault: no more of them are made.
constexpr int64_t kSetAsideApartNs = 60 * base::kSecond;
constexpr int64_t kSalvageNs = 3 * base::kSecond;
}  // namespace

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

}  // namespace bw::hub
