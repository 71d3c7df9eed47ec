// SPDX-License-Identifier: Apache-2.0
#include "core/hub/journal_round.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>

#include "core/base/clock.h"

namespace bw::hub {

namespace {

constexpr size_t kDigestLength = 64;

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

int64_t written_ns(const std::filesystem::path& file) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) return INT64_MAX;
    return info.st_mtim.tv_sec * base::kSecond + info.st_mtim.tv_nsec;
}

}  // namespace

void JournalRound::begin(int64_t wall_ns) {
    run_ = {};
    rows_ = 0;
    ended_ = false;
    before_ = std::exchange(candidates_, {});
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(pictures_, none)) {
        const std::string name = entry.path().filename();
        if (name.size() == kDigestLength && std::all_of(name.begin(), name.end(), is_hex) &&
            written_ns(entry.path()) < wall_ns - kYoungNs)
            candidates_.insert(name);
    }
}

/// Every run of 64 hex digits may be a name.
void JournalRound::strike_out(const std::string& event) {
    if (candidates_.empty()) return;
    size_t run = 0;
    for (size_t i = 0; i < event.size(); ++i) {
        run = is_hex(event[i]) ? run + 1 : 0;
        if (run >= kDigestLength)
            candidates_.erase(event.substr(i + 1 - kDigestLength, kDigestLength));
    }
}

base::Status JournalRound::step(Database& db, int64_t wall_ns) {
    if (ended_) begin(wall_ns);
    std::vector<StoredPtr> rows;
    size_t torn = 0;
    const auto read = db.read_run(run_, kRowsOfStep, rows, &torn);
    if (read && torn != 0)
        return base::Error{
            disk_code::kDamaged,
            fmt::format("{} rows before row {} are not what was written", torn, run_.first)};
    if (!read) return read;
    for (const StoredPtr& row : rows) strike_out(row->json);
    rows_ += rows.size();
    ended_ = run_.empty();
    return {};
}

std::vector<std::string> JournalRound::unnamed() const {
    std::vector<std::string> both;
    std::set_intersection(before_.begin(), before_.end(), candidates_.begin(), candidates_.end(),
                          std::back_inserter(both));
    return both;
}

}  // namespace bw::hub
