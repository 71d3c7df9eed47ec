// SPDX-License-Identifier: Apache-2.0
// The scene and the spaces: a scene on air is of one space. A take without `space` stays in the one
// that is on air; what rules take is live, whatever is on air; and from a space that ends the wall
// goes back to what was on air in live before.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/events/json.h"
#include "core/hub/scenes.h"

namespace bw::hub {

using nlohmann::json;

namespace {
constexpr const char* kRuleIsLive = "what a rule takes is live, and no exercise or replay";
}  // namespace

/// What take and preview ask for.
base::Result<Entry> Scenes::asked(const json& data, const std::string& by) const {
    std::string space = events::text_of(data, "space");
    if (is_rule(by) && !space.empty() && space != kLive) return base::Error{"refused", kRuleIsLive};
    if (space.empty()) space = is_rule(by) ? kLive : entry_.space;
    if (std::string fault = spaces_.fault(space); !fault.empty())
        return base::Error{"unknown", std::move(fault)};
    const std::string layout = events::text_of(data, "layout");
    if (!layout.empty()) return Entry{layout, {}, space};
    if (space == entry_.space) return base::Error{"refused", space + " is on air: name a layout"};
    if (space == kLive) return in_live();
    Entry entry = entry_;
    entry.space = space;
    return entry;
}

/// What is on air in live, or was before another space was.
Entry Scenes::in_live() const {
    if (entry_.space == kLive) return entry_;
    return before_.layout.empty() ? Entry{entry_.layout, entry_.edits} : before_;
}

/// What an edit goes out from.
Entry Scenes::base_of(const std::string& by) const {
    return is_rule(by) ? in_live() : entry_;
}

/// A step that undo cannot go back to any more.
bool Scenes::is_gone(const Entry& entry) const {
    return site_->layout(entry.layout) == nullptr || !spaces_.fault(entry.space).empty();
}

/// None: so many steps there are not.
std::optional<Entry> Scenes::undone(size_t steps, const std::string& by) const {
    size_t size = history_.size();
    while (size > 0 && is_gone(history_[size - 1])) --size;
    if (steps > size) return std::nullopt;
    const Entry& entry = history_[size - steps];
    // The way back of a rule is to what was on air in live, before the exercise that it left.
    if (!is_rule(by) || entry.space == kLive) return entry;
    return before_.layout.empty() ? in_live() : before_;
}

/// Why it may not go from one space into another; null: it may.
json Scenes::space_refusal(const Taking& taking) const {
    const std::string& to = taking.what.entry.space;
    if (taking.leaves) return {};
    if (const std::string fault = spaces_.fault(to); !fault.empty())
        return refusal("refused", fault);
    if (is_rule(taking.by) && to != kLive) return refusal("refused", kRuleIsLive);
    if (to == entry_.space || holds_.zones().empty()) return {};
    const auto boxes = holds_.boxes();
    const Hold* hold = holds_.over(boxes);
    return hold == nullptr ? json() : holds_.refused(*hold);
}

/// What the wall goes back to in live.
Scenes::Composed Scenes::home() const {
    auto what = compose(in_live());
    return what ? std::move(*what) : *compose(Entry{site_->first_layout().name, {}});
}

bool Scenes::enters_space(const std::string& type, const json& data, const std::string& by) const {
    for (const char* other : {"take", "preview", "undo"})
        if (type == fmt::format("beaconwall.wall.{}.v1", other)) return enters(type, data, by);
    return false;
}

std::string Scenes::rule_fault(const std::string& type, const json& data,
                               const std::string& by) const {
    if (!is_rule(by) || (type != "beaconwall.wall.take.v1" && type != "beaconwall.wall.preview.v1"))
        return {};
    const std::string space = events::text_of(data, "space");
    return space.empty() || space == kLive ? "" : kRuleIsLive;
}

bool Scenes::enters(const std::string& type, const json& data, const std::string& by) const {
    const auto entry = entry_of(type, data, by);
    return entry && entry->space != kLive && entry->space != entry_.space;
}

void Scenes::leave(const std::string& space, Spaces::Gone gone) {
    settle();
    const auto of_it = [&](const Entry& entry) { return entry.space == space; };
    std::erase_if(history_, of_it);
    if (next_of_person_ && of_it(*next_of_person_)) next_of_person_.reset();
    if (taking_ && of_it(taking_->what.entry)) supersede();
    if (!taking_ && next_ && of_it(next_->entry)) forget_next();
    leaving_.emplace_back(space, std::move(gone));
    go_home();
    tell_left();
}

// Unless somebody's take to another space is on its way.
void Scenes::go_home() {
    const bool ends = std::any_of(leaving_.begin(), leaving_.end(),
                                  [this](const auto& each) { return each.first == entry_.space; });
    if (!ends || taking_) return;
    Taking taking;
    taking.what = home();
    taking.by = "hub";
    taking.leaves = true;
    begin(std::move(taking));
}

void Scenes::tell_left() {
    // Compositors show it until the take away from it is on air.
    const auto is_there = [this](const auto& each) {
        return each.first == entry_.space ||
               std::any_of(landings_.begin(), landings_.end(),
                           [&](const Landing& landing) { return landing.left == each.first; });
    };
    const auto left = std::stable_partition(leaving_.begin(), leaving_.end(), is_there);
    std::vector<std::pair<std::string, Spaces::Gone>> over(std::make_move_iterator(left),
                                                           std::make_move_iterator(leaving_.end()));
    leaving_.erase(left, leaving_.end());
    // What was on air there is no step to undo any more.
    for (const auto& each : over) {
        std::erase_if(history_, [&](const Entry& entry) { return entry.space == each.first; });
        if (each.second) each.second();
    }
}

void Scenes::clock_changed(const std::string& space) {
    if (!settled_) return;
    const auto of_it = [&](const std::optional<Composed>& what) {
        return what && what->entry.space == space;
    };
    if ((taking_ && taking_->what.entry.space == space) || (!taking_ && of_it(next_)))
        compose_again();
    if (taking_ || entry_.space != space) return;
    auto what = compose(entry_);
    if (!what) return;
    Taking taking;
    taking.what = std::move(*what);
    taking.transition = config::Transition{};
    taking.by = "hub";
    begin(std::move(taking));
}

}  // namespace bw::hub
