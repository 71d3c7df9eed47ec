// SPDX-License-Identifier: Apache-2.0
// A copy of all that a space knows, as it is at one moment, taken in slices while the space goes
// on: whatever is about to change before its slice came is taken then. On the loop.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/hub/values.h"

namespace bw::hub {

class LiveCopy {
  public:
    /// The moment is now. `from` must outlive this.
    explicit LiveCopy(const Values& from) : from_(from) {}

    /// That subject changes now; `old` is what it was, null: nothing.
    void before_record(const std::string& key, const StoredPtr& old);
    void before_last(const std::string& key, const StoredPtr& old);
    /// The next `most` subjects. True: it has all of them.
    bool step(size_t most);
    /// What it has; the pointers are shared with the space.
    [[nodiscard]] std::vector<StoredPtr> take() { return std::move(rows_); }

  private:
    struct Half {
        std::string cursor;  // what comes up to here was looked at
        bool begun = false, done = false;
        std::set<std::string> touched;  // behind the cursor, and not to be looked at any more
    };
    void before(Half& half, const std::string& key, const StoredPtr& old);
    template <class Map, class Row>
    size_t step(const Map& map, Half& half, size_t most, const Row& row);

    const Values& from_;
    Half records_, last_;
    std::vector<StoredPtr> rows_;
};

}  // namespace bw::hub
