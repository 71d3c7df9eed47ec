// SPDX-License-Identifier: Apache-2.0
// A look at every row of the journal, a little at a time while the hub runs: is each what was
// written, and which pictures does none of them name any more. The reader's thread.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/hub/database.h"

namespace bw::hub {

class JournalRound {
  public:
    /// Rows that one step looks at.
    static constexpr size_t kRowsOfStep = 1000;
    /// Pictures younger than this may be named by an event that is still on its way.
    static constexpr int64_t kYoungNs = int64_t{24} * 3600 * 1'000'000'000;

    explicit JournalRound(std::filesystem::path pictures) : pictures_(std::move(pictures)) {}

    /// The next rows; an error "damaged" when one is not what was written. `wall_ns`: now.
    base::Status step(Database& db, int64_t wall_ns);
    /// The last step ended a round.
    [[nodiscard]] bool ended() const { return ended_; }
    /// After that: digests of old pictures that neither this round nor the one before found named.
    [[nodiscard]] std::vector<std::string> unnamed() const;
    [[nodiscard]] uint64_t rows() const { return rows_; }

  private:
    void begin(int64_t wall_ns);
    void strike_out(const std::string& event);

    const std::filesystem::path pictures_;
    Database::Run run_{1, 0};
    std::set<std::string> candidates_, before_;  // not named yet; in the round before
    uint64_t rows_ = 0;                          // of this round
    bool ended_ = true;
};

}  // namespace bw::hub
