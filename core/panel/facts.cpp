// SPDX-License-Identifier: Apache-2.0
#include "core/panel/facts.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/events/json.h"

namespace bw::panel {
namespace {

constexpr size_t kMaxOnTheirWay = 64;

/// One spelling for equal JSON: the hub may write members in another order. Empty if it is none.
std::string normal(std::string_view json) {
    nlohmann::json value;
    if (!events::read_json(json, value) || !value.is_object()) return "";
    return value.dump();
}

}  // namespace

void LastValues::keep(const events::Event& event) {
    std::string key = event.type + "/" + event.subject;
    if (event.tombstone) {
        values_.erase(key);
    } else {
        values_.insert_or_assign(std::move(key), event);
    }
}

void LastValues::replay(std::string_view prefix,
                        const std::function<void(const events::Event&)>& visit) const {
    for (auto it = values_.lower_bound(prefix); it != values_.end(); ++it) {
        if (!std::string_view(it->first).starts_with(prefix)) break;
        visit(it->second);
    }
}

const std::string& Views::of(std::string_view pane) const {
    static const std::string kEmpty = "{}";
    auto it = views_.find(pane);
    return it == views_.end() ? kEmpty : it->second.json;
}

bool Views::saved(const std::string& pane, std::string_view json) {
    std::string text = normal(json);
    if (text.empty() || text.size() > kMaxViewBytes || text == of(pane)) return false;
    View& view = views_[pane];
    view.json = text;
    view.on_their_way.push_back(text);
    if (view.on_their_way.size() > kMaxOnTheirWay) view.on_their_way.pop_front();
    return true;
}

bool Views::arrived(const std::string& pane, const events::Event& record) {
    std::string text = record.tombstone ? "{}" : normal(record.data);
    if (text.empty()) return false;
    View& view = views_[pane];
    auto mine = std::find(view.on_their_way.begin(), view.on_their_way.end(), text);
    if (mine != view.on_their_way.end()) {
        view.on_their_way.erase(view.on_their_way.begin(), mine + 1);
        return false;
    }
    if (text == view.json) return false;
    view.json = std::move(text);
    return true;
}

Spaces::Spaces() {
    spaces_[std::string(kLive)].heard = true;  // it needs no patience: who starts has none
}

SpaceFacts* Spaces::find(std::string_view name) {
    const auto found = spaces_.find(name);
    return found == spaces_.end() ? nullptr : &found->second;
}

int64_t Spaces::awaited_until(std::string_view name, int64_t now_ns) const {
    const auto found = spaces_.find(name);
    return found == spaces_.end() ? 0 : found->second.awaited_until(now_ns);
}

Spaces::Entered Spaces::enter(const std::string& name, const base::SpaceClock& clock,
                              int64_t now_ns) {
    const auto [at, fresh] = spaces_.try_emplace(name);
    SpaceFacts& facts = at->second;
    const bool live = name == kLive;
    const bool again = !fresh && !live && clock.rate > 0 && clock != facts.clock;
    if (again) facts = {};
    if (fresh || again) facts.entered_ns = now_ns;
    facts.clock = clock;
    return {facts, fresh || again, again};
}

std::vector<std::string> Spaces::leave(const std::function<bool(const std::string&)>& keep) {
    std::vector<std::string> left;
    for (const auto& [name, facts] : spaces_)
        if (name != kLive && !keep(name)) left.push_back(name);
    for (const std::string& name : left) spaces_.erase(name);
    return left;
}

}  // namespace bw::panel
