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

}  // namespace bw::panel
