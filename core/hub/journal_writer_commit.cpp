// SPDX-License-Identifier: Apache-2.0
// Group commits, and what is tried again: on the writer's thread.
#include <algorithm>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/hub/journal_writer.h"

namespace bw::hub {

namespace {

/// Durable events and commands: in the order of their sequence, before all else.
bool is_firm(const JournalWriter::Entry& entry) {
    return entry.done || entry.rows.front()->kept != Kept::telemetry;
}

}  // namespace

base::Status JournalWriter::write(const Batch& batch, std::vector<Outcome>& outcomes) {
    // While the disk takes nothing, what is written behind is tried once a second only.
    const bool ill = !is_written(state().disk);
    const bool firm = std::any_of(batch.begin(), batch.end(), is_firm);
    const bool all = !ill || !firm || base::mono_ns() >= retry_ns_;
    Chosen chosen;
    for (size_t i = 0; i < batch.size(); ++i)
        if (all || is_firm(batch[i])) chosen.push_back(i);
    base::Status status = write_once(batch, chosen, outcomes);
    if (!status && status.error().code == disk_code::kDamaged) {
        const auto aside = set_aside(status.error().text);
        status = aside ? write_once(batch, chosen, outcomes) : aside;
    }
    if (!status && all) retry_ns_ = base::mono_ns() + kRetryNs;
    if (!status) status = write_in_parts(batch, std::move(chosen), outcomes, status);
    if (status && !all) return base::Error{kAsBefore, ""};
    return status;
}

// A transaction is kept as a whole or not at all, and what came in one would share one fate: where
// there is little room, or each write may fail, a large one hardly ever gets through. In smaller
// ones, what must not be lost first, as much as the disk takes; then no more, in their order.
base::Status JournalWriter::write_in_parts(const Batch& batch, Chosen chosen,
                                           std::vector<Outcome>& outcomes, base::Status status) {
    const auto behind = std::stable_partition(chosen.begin(), chosen.end(),
                                              [&](size_t i) { return is_firm(batch[i]); });
    const auto firm = static_cast<size_t>(behind - chosen.begin());
    size_t part = firm > 0 && firm < chosen.size() ? firm : chosen.size() / 2;
    const int64_t until_ns = base::mono_ns() + kPartsNs;
    size_t at = 0;
    while (part > 0 && base::mono_ns() < until_ns && status.error().code != disk_code::kDamaged) {
        const auto first = chosen.begin() + static_cast<ptrdiff_t>(at);
        const auto last = first + static_cast<ptrdiff_t>(std::min(part, chosen.size() - at));
        const auto written = write_once(batch, {first, last}, outcomes);
        part = written ? 2 * part : part / 2;
        if (!written) status = written.error();
        if (written) at = static_cast<size_t>(last - chosen.begin());
        if (at < chosen.size()) continue;
        tell_in_parts(status.error().code == disk_code::kFull);
        return {};
    }
    return status;
}

// A disk begins to die like this.
void JournalWriter::tell_in_parts(bool full) {
    constexpr int64_t kTellEveryNs = 60 * base::kSecond;
    const int64_t now = base::mono_ns();
    ++in_parts_;
    in_parts_ns_ = now;
    in_parts_full_ = full;
    if (told_in_parts_ns_ != 0 && now - told_in_parts_ns_ < kTellEveryNs) return;
    told_in_parts_ns_ = now;
    base::log_warning(
        "the journal's disk took what came together only in parts ({} times until now): look after "
        "the disk, and make room on it",
        in_parts_);
}

base::Status JournalWriter::write_once(const Batch& batch, const Chosen& chosen,
                                       std::vector<Outcome>& outcomes) {
    const auto nothing = [&] {
        for (const size_t i : chosen) outcomes[i] = {};
    };
    nothing();
    if (const auto opened = open(); !opened) return opened;
    const auto fail = [&](const base::Error& why) {
        nothing();
        if (db_) db_->rollback();
        // A disk that comes back is met with a fresh connection. One that was only full is as it
        // was, and a fresh connection may have to read a long log first.
        if (why.code != disk_code::kFull) db_.reset();
        checkpoints_.commit_failed(base::mono_ns());
        return why;
    };
    if (const auto begun = begin(); !begun) return fail(begun.error());
    if (batch.empty())
        if (const auto probed = db_->probe(); !probed) return fail(probed.error());
    for (const size_t i : chosen)
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
        const auto same = db_->has_the_same(*row);
        if (!same) return same.error();
        outcome.other = !*same;
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
    checkpoints_.opened(db_->log_frames());
    return {};
}

}  // namespace bw::hub
