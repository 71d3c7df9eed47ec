// SPDX-License-Identifier: Apache-2.0
// Group commits, and what is tried again: on the writer's thread.
#include <algorithm>

#include "core/base/clock.h"
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
        checkpoints_.commit_failed(base::mono_ns());
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
