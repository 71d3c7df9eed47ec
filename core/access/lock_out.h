// SPDX-License-Identifier: Apache-2.0
// Who has to wait after wrong passwords: five, then 15 minutes, then twice as long with each
// further five, at most a day. One thread owns it; times are the caller's, in ns of any one clock.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bw::access {

class LockOut {
  public:
    static constexpr int kTries = 5;
    static constexpr int64_t kFirstNs = int64_t{15} * 60 * 1'000'000'000;
    static constexpr int64_t kLongestNs = int64_t{24} * 3600 * 1'000'000'000;
    /// Names of people who do not exist count too; more names than this are not remembered.
    static constexpr size_t kMaxNames = 1000;

    /// When `name` may try again; 0: now.
    [[nodiscard]] int64_t locked_until(const std::string& name, int64_t now) const;
    /// A wrong password. True when that locked the name.
    bool failed(const std::string& name, int64_t now);
    /// A right one: everything is forgotten.
    void passed(const std::string& name) { names_.erase(name); }

    struct Count {
        int failures = 0;  // since the last lock
        int locks = 0;
        int64_t until_ns = 0, last_ns = 0;
    };
    struct Row {
        std::string name;
        Count count;  // times of another clock
    };
    /// All that is known, to be kept over the owner's death. `ahead_ns`: the clock of the rows
    /// minus the one of the calls above.
    [[nodiscard]] std::vector<Row> rows(int64_t ahead_ns) const;
    /// What rows() gave, into one that knows nothing yet. A clock that was set back meanwhile locks
    /// nobody for longer than the lock was made for.
    void restore(const std::vector<Row>& rows, int64_t now, int64_t ahead_ns);

  private:
    void make_room(int64_t now);
    std::map<std::string, Count> names_;
};

}  // namespace bw::access
