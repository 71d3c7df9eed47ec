// SPDX-License-Identifier: Apache-2.0
#include "core/rules/attention.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/events/json.h"

namespace bw::rules {

using events::integer_of;
using events::text_of;
using nlohmann::json;
using What = Conditions::Change::What;

namespace {

constexpr size_t kMaxSubjectBytes = 256;

/// The subject of an item's record.
std::string record_of(const std::string& rule, const std::string& subject) {
    std::string name = subject.empty() ? rule : rule + "/" + subject;
    if (name.size() <= kMaxSubjectBytes) return name;
    uint64_t hash = 0xCBF29CE484222325u;  // FNV-1a
    for (const char c : subject) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    return fmt::format("{}/{:016x}", rule, hash);
}

}  // namespace

void Attention::changed(const Conditions::Change& change) {
    const std::string name = record_of(change.rule, change.subject);
    const auto at = items_.find(name);
    if (change.what == What::over) {
        if (at == items_.end() || at->second.over_ns != 0) return;
        at->second.over_ns = change.at_ns;
        dirty_[name] = false;
        return;
    }
    if (at != items_.end()) {
        Item& item = at->second;
        // An item that an earlier life raised is told as begun once more; that is no further event.
        if (change.event != item.event) ++item.count;
        item.event = change.event;
        item.over_ns = 0;
        item.last_ns = std::max(item.last_ns, change.at_ns);
        dirty_[name] = false;
        return;
    }
    // Of a further event of what was acknowledged nobody needs to be told.
    if (change.what == What::again) return;
    const config::Rule* rule = rules_.find(change.rule);
    if (rule == nullptr || !rule->then.attention) return;
    const config::RuleAttention& wanted = *rule->then.attention;
    items_[name] = {
        change.rule,  change.subject, change.type, change.event,  wanted.title, wanted.level, 1,
        change.at_ns, change.at_ns,   0,           wanted.keep_ms};
    dirty_[name] = false;
}

bool Attention::acknowledge(const std::string& subject) {
    if (items_.erase(subject) == 0) return false;
    dirty_[subject] = true;
    return true;
}

void Attention::end_others(const std::map<std::string, std::set<std::string>>& holding,
                           int64_t now_ns) {
    for (auto& [name, item] : items_) {
        const auto held = holding.find(item.rule);
        const bool holds = held != holding.end() && held->second.contains(item.subject);
        if (holds || item.over_ns != 0) continue;
        item.over_ns = now_ns;
        dirty_[name] = false;
    }
}

void Attention::tick(int64_t now_ns) {
    for (auto at = items_.begin(); at != items_.end();) {
        const Item& item = at->second;
        const bool ended =
            item.over_ns != 0 && now_ns >= item.over_ns + item.keep_ms * base::kMillisecond;
        if (ended) dirty_[at->first] = true;
        at = ended ? items_.erase(at) : std::next(at);
    }
}

int64_t Attention::next_wake_ns() const {
    int64_t wake = INT64_MAX;
    for (const auto& [name, item] : items_)
        if (item.over_ns != 0)
            wake = std::min(wake, item.over_ns + item.keep_ms * base::kMillisecond);
    return wake;
}

std::string Attention::data_of(const Item& item) {
    json data = {{"rule", item.rule},
                 {"state", item.over_ns == 0 ? "active" : "over"},
                 {"title", {{"zh", item.title.zh}, {"en", item.title.en}}},
                 {"level", item.level},
                 {"count", item.count},
                 {"since", base::rfc3339(item.since_ns)},
                 {"last", base::rfc3339(item.last_ns)},
                 {"event", item.event},
                 {"type", item.type}};
    if (!item.subject.empty()) data["subject"] = item.subject;
    if (item.over_ns != 0) {
        data["over"] = base::rfc3339(item.over_ns);
        data["until"] = base::rfc3339(item.over_ns + item.keep_ms * base::kMillisecond);
    }
    return data.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<AttentionWrite> Attention::writes(size_t most) {
    std::vector<AttentionWrite> out;
    while (!dirty_.empty() && out.size() < most) {
        const auto at = dirty_.begin();
        const auto item = items_.find(at->first);
        if (item != items_.end())
            out.push_back({at->first, data_of(item->second), false});
        else
            out.push_back({at->first, "{}", true});
        dirty_.erase(at);
    }
    return out;
}

void Attention::restore(const std::string& subject, const json& data) {
    if (!data.is_object() || items_.contains(subject)) return;
    const auto time = [&data](const char* key) {
        return base::parse_rfc3339(text_of(data, key)).value_or(0);
    };
    Item item;
    item.rule = text_of(data, "rule");
    item.subject = text_of(data, "subject");
    item.type = text_of(data, "type");
    item.event = text_of(data, "event");
    const json title = data.value("title", json::object());
    item.title = {text_of(title, "zh"), text_of(title, "en")};
    item.level = static_cast<int>(integer_of(data, "level", 1));
    item.count = static_cast<uint64_t>(integer_of(data, "count", 1));
    item.since_ns = time("since");
    item.last_ns = time("last");
    item.over_ns = time("over");
    item.keep_ms = std::max<int64_t>(0, (time("until") - item.over_ns) / base::kMillisecond);
    const config::Rule* rule = rules_.find(item.rule);
    const bool raises = rule != nullptr && rule->then.attention.has_value();
    if (item.over_ns == 0) item.keep_ms = raises ? rule->then.attention->keep_ms : 0;
    items_[subject] = std::move(item);
}

}  // namespace bw::rules
