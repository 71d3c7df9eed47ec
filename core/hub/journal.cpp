// SPDX-License-Identifier: Apache-2.0
#include "core/hub/journal.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::hub {

namespace {
// Well below the time that the supervisor gives a child between two beats.
constexpr int64_t kRememberNs = 5 * base::kSecond;
// A step of some milliseconds on the reader's thread each second, and an hour between two rounds.
constexpr int64_t kStepNs = base::kSecond, kRoundsApartNs = 3600 * base::kSecond;
}  // namespace

Journal::Journal(const std::filesystem::path& folder, Mailbox& mailbox, int64_t hung_after_ns)
    : folder_(folder),
      hung_after_ns_(hung_after_ns),
      writer_(folder, mailbox),
      reader_(folder, mailbox, [this](const std::string& why) { writer_.found_damage(why); }) {}

std::optional<Remembered> Journal::remember(std::function<void(Remembered)> late) {
    auto past = writer_.remember(kRememberNs, [this, late = std::move(late)](Remembered found) {
        knows_past_ = true;
        base::log_info("what the last hub left is known: sequence {}", found.sequence);
        late(std::move(found));
    });
    knows_past_ = past.has_value();
    if (!knows_past_)
        base::log_error("the journal in {} cannot be read; until it can, nothing is recorded",
                        folder_.string());
    state_ = writer_.state();
    return past;
}

std::optional<base::Error> Journal::refusal() const {
    if (state_.disk == Disk::hung) return base::Error{"system", state_.text};
    if (!knows_past_)
        return base::Error{
            "system", state_.text.empty() ? "the journal is not read yet; try again" : state_.text};
    if (too_much_)
        return base::Error{"full", "too much waits for the disk of " + folder_.string() +
                                       "; try again with the same id"};
    return std::nullopt;
}

bool Journal::append(std::vector<StoredPtr>& rows, std::function<void(const Outcome&)> done) {
    if (refusal()) return false;
    JournalWriter::Entry entry{std::move(rows), std::move(done)};
    // Told for this one; the next may find room again.
    too_much_ = !writer_.append(entry);
    if (too_much_) rows = std::move(entry.rows);
    return !too_much_;
}

void Journal::append_behind(StoredPtr row) {
    JournalWriter::Entry entry{{std::move(row)}, nullptr};
    (void)writer_.append(entry);
}

void Journal::query(Query query, std::function<void(base::Result<Page>)> done) {
    reader_.query(std::move(query), std::move(done));
}

void Journal::replay(ReplayQuery query, std::function<void(base::Result<ReplayPage>)> done) {
    reader_.replay(std::move(query), std::move(done));
}

void Journal::state(StateQuery query, std::function<void(base::Result<StatePage>)> done) {
    reader_.state(std::move(query), std::move(done));
}

void Journal::span(SpanQuery query, std::function<void(base::Result<SpanPage>)> done) {
    reader_.span(std::move(query), std::move(done));
}

void Journal::oldest(std::function<void(base::Result<int64_t>)> done) {
    reader_.oldest(std::move(done));
}

void Journal::step_round(int64_t now) {
    if (now < round_ns_ || reader_.stepping() || state_.disk != Disk::well) return;
    round_ns_ = now + kStepNs;
    reader_.step_round([this](std::vector<std::string> unnamed) {
        round_ns_ = base::mono_ns() + kRoundsApartNs;
        checked_ns_ = base::wall_ns();
        if (on_unnamed_ && !unnamed.empty()) on_unnamed_(std::move(unnamed));
    });
}

void Journal::tick(int64_t now) {
    reader_.tick(now);
    step_round(now);
    too_much_ = false;
    JournalState found = writer_.state();
    const int64_t since = writer_.busy_since_ns();
    if (since != 0 && now - since >= hung_after_ns_) {
        found.disk = Disk::hung;
        found.since_ns = state_.disk == Disk::hung ? state_.since_ns : base::wall_ns();
        found.text = fmt::format(
            "the disk of {} has not come back from a write for {} s: nothing "
            "more is recorded until it does",
            folder_.string(), (now - since) / base::kSecond);
    }
    const bool changed = found.disk != state_.disk, renewed = found.set_aside != state_.set_aside;
    const bool hung = changed && found.disk == Disk::hung;
    if (state_.disk == Disk::hung && found.disk == Disk::well)
        base::log_info("the disk of the journal answers again");
    state_ = std::move(found);
    if (hung) base::log_error("{}", state_.text);
    if (hung && on_hung_) on_hung_(state_.text);
    if (renewed && renewed_) renewed_();
    if ((changed || renewed) && changed_) changed_();
}

int64_t Journal::next_wake_ns() const {
    const int64_t since = writer_.busy_since_ns();
    const int64_t hung =
        since == 0 || state_.disk == Disk::hung ? INT64_MAX : since + hung_after_ns_;
    return std::min(reader_.next_wake_ns(), hung);
}

}  // namespace bw::hub
