// SPDX-License-Identifier: Apache-2.0
// What panels are told, space by space, and what they ask for.
#include <algorithm>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/panel/host.h"

namespace bw::panel {
namespace {

constexpr uint32_t kGrant = 256;
constexpr int64_t kPressWindow = 2 * base::kSecond;

}  // namespace

SpaceFacts& Host::enter(const PaneWish& wish) {
    const auto entered = spaces_.enter(wish.space, wish.clock, base::mono_ns());
    if (entered.again) wire_->leave_space(wish.space);
    if (entered.first)
        wire_->subscribe({std::string(kViewPrefix)}, events::From::snapshot, kGrant, wish.space);
    return entered.facts;
}

void Host::leave_spaces() {
    const auto is_shown = [this](const std::string& space) {
        return std::any_of(panes_.begin(), panes_.end(),
                           [&](const auto& each) { return each.second->wish().space == space; });
    };
    for (const std::string& space : spaces_.leave(is_shown)) wire_->leave_space(space);
}

void Host::on_view(SpaceFacts& facts, const events::Event& event) {
    constexpr std::string_view kPane = "pane/";
    if (!event.subject.starts_with(kPane)) return;
    const std::string name = event.subject.substr(kPane.size());
    if (!facts.views.arrived(name, event)) return;
    for (auto& [surface, pane] : panes_) {
        const PaneWish& wish = pane->wish();
        if (wish.pane == name && wish.space == event.space) pane->configure(facts.views.of(name));
    }
}

void Host::on_event(const events::Event& event, bool replayed) {
    SpaceFacts* facts = spaces_.find(event.space);
    if (facts == nullptr) return;  // no pane is there any more
    facts->heard = true;
    if (event.type == kViewType) on_view(*facts, event);
    // Who was made before this event and has not had its last values yet gets them first.
    deliver_missed();
    facts->values.keep(event);
    for (auto& [surface, pane] : panes_)
        if (pane->wish().space == event.space) pane->deliver(event, replayed);
}

void Host::deliver_missed() {
    while (!missed_.empty()) {
        std::vector<Missed> now = std::move(missed_);
        missed_.clear();
        for (const Missed& missed : now) {
            Pane* pane = pane_of(missed.handle);
            if (pane == nullptr) continue;
            const SpaceFacts* facts = spaces_.find(pane->wish().space);
            if (facts == nullptr) continue;
            facts->values.replay(missed.prefix,
                                 [&](const events::Event& event) { pane->deliver(event, true); });
        }
    }
}

Pane* Host::pane_of(uint64_t handle) {
    if (being_made_ != nullptr && being_made_->handle() == handle) return being_made_;
    for (auto& [surface, pane] : panes_) {
        if (pane->handle() == handle) return pane.get();
    }
    return nullptr;
}

void Host::subscribe(uint64_t handle, std::string_view prefix) {
    Pane* pane = pane_of(handle);
    if (pane == nullptr || pane->subscribed(prefix)) return;
    pane->prefixes().emplace_back(prefix);
    const std::string& space = pane->wish().space;
    SpaceFacts* facts = spaces_.find(space);
    if (facts != nullptr && facts->prefixes.emplace(prefix).second)
        wire_->subscribe({std::string(prefix)}, events::From::snapshot, kGrant, space);
    missed_.push_back({handle, std::string(prefix)});
}

void Host::command(uint64_t handle, std::string_view type, std::string_view subject,
                   std::string_view data) {
    Pane* pane = pane_of(handle);
    if (pane == nullptr) return;
    if (pane->pressed_ns() == 0 || base::mono_ns() - pane->pressed_ns() > kPressWindow)
        return base::log_warning("{}: command {} without a press: dropped", pane->wish().pane,
                                 type);
    events::Event event;
    event.type = type;
    event.subject = subject;
    event.data = data;
    event.space = pane->wish().space;
    std::string what = pane->wish().pane + ": command " + event.type;
    wire_->command(std::move(event), 2000, [what](const events::Reply& reply) {
        if (!reply.ok) base::log_warning("{}: {} {}", what, reply.code, reply.text);
    });
}

void Host::save_view(uint64_t handle, std::string_view json) {
    Pane* pane = pane_of(handle);
    if (pane == nullptr) return;
    const std::string name = pane->wish().pane, space = pane->wish().space;
    SpaceFacts* facts = spaces_.find(space);
    if (facts == nullptr || !facts->views.saved(name, json)) return;
    events::RecordWrite write;
    write.type = kViewType;
    write.subject = "pane/" + name;
    write.data = facts->views.of(name);
    const auto told = [name](const events::Reply& reply) {
        if (!reply.ok) base::log_warning("{}: view not kept: {}", name, reply.text);
    };
    wire_->put_records({std::move(write)}, told, space);
}

std::span<const bw_keepout_t> Host::keepouts(uint64_t handle) {
    const Pane* pane = pane_of(handle);
    return pane != nullptr ? std::span<const bw_keepout_t>(pane->wish().keepouts)
                           : std::span<const bw_keepout_t>();
}

// A plugin's one thread calls from within a call for a pane: whose, is known.
int64_t Host::space_wall_ns() const {
    const int64_t hall = base::wall_ns() + wire_->clock_offset_ns();
    const Pane* asks = Pane::called();
    return asks != nullptr ? asks->wish().clock.at(hall) : hall;
}

}  // namespace bw::panel
