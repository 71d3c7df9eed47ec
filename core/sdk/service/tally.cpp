// SPDX-License-Identifier: Apache-2.0
#include "core/sdk/service/tally.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::sdk {
namespace {

constexpr const char* kWords[Tally::kCounts] = {
    "received", "published",    "refused", "ignored",    "left",
    "sent",     "acknowledged", "failed",  "unsendable", "dropped"};
constexpr int64_t kQuietNs = 60 * base::kSecond;
constexpr size_t kMostAbout = 256, kMostFaultBytes = 500;

}  // namespace

void Tally::count(Count what, uint64_t by) {
    const base::Lock lock(mutex_);
    counts_[what] += by;
}

void Tally::fault(Count what, const std::string& about, const std::string& text) {
    uint64_t unsaid = 0;
    {
        const base::Lock lock(mutex_);
        counts_[what] += 1;
        last_fault_ = (about + ": " + text).substr(0, kMostFaultBytes);
        if (quiet_.size() >= kMostAbout && !quiet_.contains(about)) quiet_.clear();
        Quiet& quiet = quiet_[about];
        const int64_t now = base::mono_ns();
        if (quiet.logged_ns != 0 && now - quiet.logged_ns < kQuietNs) {
            ++quiet.unsaid;
            return;
        }
        unsaid = std::exchange(quiet.unsaid, 0);
        quiet.logged_ns = now;
    }
    if (unsaid == 0) return base::log_warning("{}: {}", about, text);
    base::log_warning("{}: {} (and {} more in the last minute)", about, text, unsaid);
}

std::string Tally::json() const {
    const base::Lock lock(mutex_);
    nlohmann::json out = nlohmann::json::object();
    for (int i = 0; i < kCounts; ++i) out[kWords[i]] = counts_[i];
    if (!last_fault_.empty()) out["last_fault"] = last_fault_;
    return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace bw::sdk
