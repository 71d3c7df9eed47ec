// SPDX-License-Identifier: Apache-2.0
#include "core/hub/contracts.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/events/cloud_event.h"
#include "core/events/json.h"
#include "core/hub/facts.h"

namespace bw::hub {

using nlohmann::json;

namespace {

constexpr int64_t kTellPeriodNs = 10 * base::kSecond;
constexpr size_t kMaxTold = 256;

const json& data_of(const json& event) {
    static const json kNone = json::object();
    const auto found = event.find("data");
    return found == event.end() ? kNone : *found;
}

}  // namespace

json Contracts::refusal_of(const std::string& type, const std::string& sender, const json& data,
                           const std::string& at) {
    const Contract contract = registry_.contract(type, sender);
    if (contract.free) return {};
    if (contract.schema == nullptr) return refuse(type, sender, "refused", contract.why_none);
    const auto fault = contract.schema->check(data);
    if (!fault) return {};
    json refused =
        refuse(type, sender, "invalid",
               fmt::format("{} does not match its schema: {}", type, fault->text("data")));
    refused["pointer"] = at + fault->pointer;
    return refused;
}

json Contracts::refusal_of_event(const json& event, const std::string& sender) {
    const std::string type = events::text_of(event, "type");
    if (!events::has_json_data(event) && !registry_.contract(type, sender).free)
        return refuse(
            type, sender, "invalid",
            "the data of " + type + " is JSON: other data are for types that begin with x.");
    return refusal_of(type, sender, data_of(event), "/event/data");
}

// One that sends rubbish a thousand times a second shall not fill the log.
json Contracts::refuse(const std::string& type, const std::string& sender, const char* code,
                       const std::string& text) {
    ++refused_;
    const int64_t now = base::mono_ns();
    if (told_.size() >= kMaxTold) told_.clear();
    Told& told = told_[sender + '\n' + type];
    ++told.since;
    if (now >= told.next_ns) {
        told.next_ns = now + kTellPeriodNs;
        const uint64_t more = std::exchange(told.since, 0) - 1;
        base::log_warning("{} is refused: {}{}", sender, text,
                          more == 0 ? "" : fmt::format(" ({} more since the last time)", more));
    }
    return refusal(code, text);
}

}  // namespace bw::hub
