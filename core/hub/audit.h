// SPDX-License-Identifier: Apache-2.0
// The audit while the hub runs: lines are written behind, in order, by a thread of their own, which
// waits for the disk. A disk that takes none makes them wait, nothing else; the status says so. On
// the loop.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/access/audit_file.h"
#include "core/hub/facts.h"
#include "core/hub/mailbox.h"

namespace bw::hub {

class Audit {
  public:
    /// Lines that wait at most; later ones are counted as lost, and that count becomes a line.
    static constexpr size_t kMaxWaiting = 10'000;
    /// How often the newest line's hash goes into the journal, if there are new lines.
    static constexpr int64_t kHeadPeriodNs = int64_t{600} * 1'000'000'000;

    Audit(const std::filesystem::path& state_dir, Facts& facts, Mailbox& mailbox);
    ~Audit();  // writes what waits, if the disk takes it

    void note(access::AuditEntry entry);
    /// {"lines", "head", "waiting", "lost", "fault"}
    [[nodiscard]] nlohmann::json status() const;
    /// Lines with a number above `after` and not older than `since_ns`: {"lines", "next", "more"}.
    void read(uint64_t after, int64_t since_ns, size_t limit, ReplyFn reply);

    void tick(int64_t now);
    [[nodiscard]] int64_t next_wake_ns() const { return retry_ns_; }

  private:
    using Batch = std::shared_ptr<std::vector<access::AuditEntry>>;
    void write();
    void written(const Batch& batch, const base::Status& outcome, uint64_t n,
                 const std::string& head);
    void tell_head(int64_t now);

    const std::filesystem::path folder_;
    Facts& facts_;
    Mailbox& mailbox_;
    std::vector<access::AuditEntry> waiting_;
    size_t on_the_way_ = 0;
    bool writing_ = false;
    uint64_t lines_ = 0, told_ = 0, lost_ = 0;
    std::string head_, fault_;
    int64_t retry_ns_ = INT64_MAX, tell_ns_ = 0;
    access::AuditFile file_;  // the worker's
    Worker worker_;
};

}  // namespace bw::hub
