// SPDX-License-Identifier: Apache-2.0
#include "core/hub/player.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::hub {

namespace {
constexpr size_t kRowsOfStep = 500, kRowsAhead = 1000;
constexpr int64_t kAskAgainNs = base::kSecond;
// Which page a panel shows is the panel's own, now as then.
constexpr const char* kView = "beaconwall.pane.view.v1";
}  // namespace

void Player::prepare(std::function<void(base::Status)> ready) {
    ready_ = std::move(ready);
    read_span();
}

void Player::be_ready(base::Status status) {
    if (!ready_) return;
    const auto ready = std::move(ready_);
    ready_ = nullptr;
    ready(std::move(status));
}

void Player::read_span() {
    asked_ = true;
    SpanQuery query;
    query.from_ns = span_.since_ns;
    query.until_ns = span_.until_ns;
    query.space = space_;
    query.after = after_;
    journal_.span(query, [self = weak_from_this()](base::Result<SpanPage> page) {
        if (const auto player = self.lock()) player->span_came(std::move(page));
    });
}

void Player::span_came(base::Result<SpanPage> page) {
    asked_ = false;
    if (!page) {
        again_ns_ = base::mono_ns() + kAskAgainNs;
        if (ready_) return be_ready(page.error());
        base::log_warning("the replay {} waits for the journal: {}", space_, page.error().text);
        return;
    }
    after_ = page->after;
    more_ = page->more;
    imported_ = imported_ || page->imported;
    for (StoredPtr& row : page->rows)
        if (row->type != kView) rows_.push_back(std::move(row));
    if (!ready_) return;
    if (!rows_.empty()) return read_state(true, "", "");
    more_ ? read_span() : nothing_kept();
}

void Player::nothing_kept() {
    journal_.oldest([self = weak_from_this()](const base::Result<int64_t>& oldest) {
        const auto player = self.lock();
        if (!player) return;
        const std::string since = base::rfc3339(player->span_.since_ns),
                          until = base::rfc3339(player->span_.until_ns);
        std::string text = fmt::format("the journal has nothing {}between {} and {}",
                                       player->imported_ ? "of its own " : "", since, until);
        if (oldest && *oldest != 0)
            text += fmt::format("; it goes back to {}", base::rfc3339(*oldest));
        if (player->imported_)
            text += fmt::format(
                "; what was imported is not played: read it with `beaconwall ctl events --since {} "
                "--until {}`, or replay the span on the wall where it was recorded",
                since, until);
        player->be_ready(base::Error{"refused", text});
    });
}

void Player::read_state(bool records, const std::string& type, const std::string& subject) {
    StateQuery query;
    query.before_ns = span_.since_ns;
    query.space = space_;
    query.records = records;
    query.type = type;
    query.subject = subject;
    journal_.state(query, [self = weak_from_this(), records](base::Result<StatePage> page) {
        const auto player = self.lock();
        if (!player) return;
        if (!page) return player->be_ready(page.error());
        player->facts_.add(page->rows);
        if (page->more) return player->read_state(records, page->type, page->subject);
        if (records) return player->read_state(false, "", "");
        player->be_ready({});
    });
}

int64_t Player::clock(int64_t wall_ns) const {
    const int64_t passed = std::max<int64_t>(0, wall_ns - started_ns_);
    // A replay that is over long since.
    if (passed >= (span_.until_ns - span_.since_ns) / span_.speed + base::kSecond)
        return span_.until_ns;
    return std::min(span_.until_ns, span_.since_ns + passed * span_.speed);
}

// A later one of the same subject that is due, too, takes its place.
void Player::play(const std::vector<StoredPtr>& due) {
    std::unordered_set<std::string> later;
    std::vector<const StoredPtr*> order;
    for (auto it = due.rbegin(); it != due.rend(); ++it)
        if ((*it)->kept != Kept::telemetry || later.insert((*it)->topic()).second)
            order.push_back(&*it);
    overtaken_ += due.size() - order.size();
    for (auto it = order.rbegin(); it != order.rend(); ++it) facts_.play(**it);
}

bool Player::tick(int64_t wall_ns) {
    const int64_t now = clock(wall_ns);
    std::vector<StoredPtr> due;
    while (!rows_.empty() && rows_.front()->recorded_ns <= now && due.size() < kRowsOfStep) {
        due.push_back(std::move(rows_.front()));
        rows_.pop_front();
    }
    play(due);
    if (more_ && !asked_ && rows_.size() < kRowsAhead && base::mono_ns() >= again_ns_) read_span();
    return rows_.empty() && !more_ && !asked_ && now >= span_.until_ns;
}

int64_t Player::next_wake_ns() const {
    const int64_t mono = base::mono_ns(), now = clock(base::wall_ns());
    if (more_ && !asked_ && rows_.size() < kRowsAhead) return std::max(mono, again_ns_);
    if (rows_.empty() && asked_) return INT64_MAX;
    const int64_t next = rows_.empty() ? span_.until_ns : rows_.front()->recorded_ns;
    return next <= now ? mono : mono + (next - now) / span_.speed + 1;
}

}  // namespace bw::hub
