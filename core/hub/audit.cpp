// SPDX-License-Identifier: Apache-2.0
#include "core/hub/audit.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::hub {

using access::AuditEntry;
using nlohmann::json;

namespace {

constexpr int64_t kRetryNs = base::kSecond;

AuditEntry lost_entry(uint64_t lost) {
    return {base::wall_ns(),
            "hub",
            "",
            "audit",
            "",
            "",
            true,
            fmt::format("{} lines could not be written and are lost", lost)};
}

/// A page of all files; on a worker's thread.
json page_of(const std::filesystem::path& folder, uint64_t after, int64_t since_ns, size_t limit) {
    json lines = json::array();
    uint64_t next = after;
    bool more = false;
    for (const auto& file : access::audit_files(folder))
        access::each_line(file, [&](const std::string& text, bool whole) {
            const auto line = whole ? access::read_line(text) : std::nullopt;
            if (!line || line->n <= after || line->time_ns < since_ns) return true;
            more = lines.size() == limit;
            if (more) return false;
            lines.push_back(json::parse(text, nullptr, false));
            next = line->n;
            return true;
        });
    return {{"ok", true}, {"lines", std::move(lines)}, {"next", next}, {"more", more}};
}

}  // namespace

Audit::Audit(const std::filesystem::path& state_dir, Facts& facts, Mailbox& mailbox)
    : folder_(state_dir),
      facts_(facts),
      mailbox_(mailbox),
      tell_ns_(base::mono_ns() + kHeadPeriodNs),
      file_(state_dir) {}

Audit::~Audit() {
    worker_.post([this] {
        if (waiting_.empty()) return;
        if (const auto done = file_.append(waiting_); !done)
            base::log_error("{} lines of the audit are lost: {}", waiting_.size(),
                            done.error().text);
    });
}

void Audit::note(AuditEntry entry) {
    if (waiting_.size() + on_the_way_ >= kMaxWaiting) {
        ++lost_;
        return;
    }
    waiting_.push_back(std::move(entry));
    if (!writing_ && retry_ns_ == INT64_MAX) write();
}

void Audit::write() {
    if (lost_ > 0 && waiting_.size() < kMaxWaiting)
        waiting_.push_back(lost_entry(std::exchange(lost_, 0)));
    const auto batch = std::make_shared<std::vector<AuditEntry>>(std::move(waiting_));
    waiting_.clear();
    on_the_way_ = batch->size();
    writing_ = true;
    retry_ns_ = INT64_MAX;
    worker_.post([this, batch] {
        const base::Status outcome = file_.append(*batch);
        mailbox_.post([this, batch, outcome, n = file_.n(), head = file_.head()] {
            written(batch, outcome, n, head);
        });
    });
}

void Audit::written(const Batch& batch, const base::Status& outcome, uint64_t n,
                    const std::string& head) {
    writing_ = false;
    on_the_way_ = 0;
    if (!outcome) {
        if (fault_.empty()) base::log_error("the audit is not written: {}", outcome.error().text);
        fault_ = outcome.error().text;
        waiting_.insert(waiting_.begin(), batch->begin(), batch->end());
        retry_ns_ = base::mono_ns() + kRetryNs;
        return;
    }
    if (!fault_.empty()) base::log_info("the audit is written again");
    fault_.clear();
    lines_ = n;
    head_ = head;
    if (!waiting_.empty() || lost_ > 0) write();
}

void Audit::tick(int64_t now) {
    if (now >= retry_ns_ && !writing_) write();
    if (now >= tell_ns_) tell_head(now);
}

/// Who writes the whole chain anew has to write the journal anew, too.
void Audit::tell_head(int64_t now) {
    tell_ns_ = now + kHeadPeriodNs;
    if (lines_ == told_) return;
    told_ = lines_;
    facts_.publish_durable("beaconwall.audit.head.v1", "wall", {{"n", lines_}, {"hash", head_}},
                           [](const json&) {});
}

json Audit::status() const {
    return {{"lines", lines_},
            {"head", head_},
            {"waiting", waiting_.size() + on_the_way_},
            {"lost", lost_},
            {"fault", fault_.empty() ? json() : json(fault_)}};
}

void Audit::read(uint64_t after, int64_t since_ns, size_t limit, ReplyFn reply) {
    worker_.post([this, after, since_ns, limit, reply = std::move(reply)] {
        const auto page = std::make_shared<json>(page_of(folder_, after, since_ns, limit));
        mailbox_.post([page, reply] { reply(std::move(*page)); });
    });
}

}  // namespace bw::hub
