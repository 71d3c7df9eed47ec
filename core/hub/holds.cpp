// SPDX-License-Identifier: Apache-2.0
#include "core/hub/holds.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/config/reader.h"
#include "core/events/json.h"
#include "core/wall/hold.h"

namespace bw::hub {

using nlohmann::json;

namespace {

constexpr const char* kHolds = "beaconwall.wall.holds.v1";
constexpr const char* kHeld = "beaconwall.wall.held.v1";
constexpr const char* kWall = "wall";
constexpr int64_t kLongestMs = int64_t{30} * 24 * 3600 * 1000;
constexpr size_t kMaxNameBytes = 64;

wall::RectMm box(const config::Display& d) {
    return {d.x_mm, d.y_mm, d.width_mm, d.height_mm};
}

config::Text title_of(const config::Site& site, const std::string& zone) {
    if (zone == kWall) return {"整墙", "The wall"};
    for (const config::Zone& z : site.wall.zones)
        if (z.name == zone) return z.title;
    return {zone, zone};
}

json until_json(const Hold& hold) {
    return hold.until_ns == 0 ? json() : json(base::rfc3339(hold.until_ns));
}

/// As it is shown on the wall and told to others: one short line.
std::string holder_fault(const std::string& name) {
    const bool clean = std::none_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (clean && name.size() <= kMaxNameBytes) return {};
    return "as is a name of at most 64 bytes on one line";
}

}  // namespace

void Holds::start(const config::Site& site) {
    site_ = &site;
    const StoredPtr row = facts_.record("live", kHeld, kWall);
    json event;
    if (row != nullptr && events::read_json(row->json, event)) {
        const json data = event.value("data", json::object());
        const json list = data.value("holds", json::array());
        for (const json& item : list)
            holds_.push_back({events::text_of(item, "zone"), events::text_of(item, "by"),
                              events::integer_of(item, "until_ns", 0)});
    }
    std::erase_if(holds_, [](const Hold& h) {
        return h.zone.empty() || (h.until_ns != 0 && h.until_ns <= base::wall_ns());
    });
    facts_.publish(kHolds, kWall, document());
}

void Holds::set_site(const config::Site& site) {
    site_ = &site;
    facts_.publish(kHolds, kWall, document());  // titles may have changed
}

std::vector<wall::RectMm> Holds::boxes_of(const std::string& zone) const {
    const auto& displays = site_->wall.displays;
    std::vector<wall::RectMm> out;
    for (const config::Zone& z : site_->wall.zones) {
        if (z.name != zone) continue;
        for (const config::Display& d : displays)
            if (std::count(z.displays.begin(), z.displays.end(), d.name) != 0)
                out.push_back(box(d));
        return out;
    }
    for (const config::Display& d : displays)
        if (zone == kWall || d.name == zone) out.push_back(box(d));
    return out;
}

std::string Holds::unknown_zone(const std::string& zone) const {
    std::vector<std::string> names = {kWall};
    for (const config::Zone& z : site_->wall.zones) names.push_back(z.name);
    for (const config::Display& d : site_->wall.displays) names.push_back(d.name);
    return fmt::format("there is no zone {}; there are: {}", config::in_quotes(zone),
                       config::allowed_words(names, zone));
}

const Hold* Holds::of_another(const std::string& zone, const std::string& by) const {
    const auto wanted = boxes_of(zone);
    for (const Hold& hold : holds_) {
        if (hold.by == by) continue;
        for (const wall::RectMm& rect : boxes_of(hold.zone))
            if (wall::touches(rect, wanted)) return &hold;
    }
    return nullptr;
}

void Holds::hold(const json& data, const std::string& by, const ReplyFn& reply) {
    Hold wanted{events::text_of(data, "zone"), events::text_of(data, "as", by), 0};
    if (wanted.by.empty()) wanted.by = by;
    if (boxes_of(wanted.zone).empty()) return reply(refusal("unknown", unknown_zone(wanted.zone)));
    if (const std::string fault = holder_fault(wanted.by); !fault.empty())
        return reply(refusal("invalid", fault));
    if (data.contains("for_ms") && !data["for_ms"].is_null()) {
        const json& length = data["for_ms"];
        if (!length.is_number_integer() || length < 1000 || length > kLongestMs)
            return reply(refusal("invalid",
                                 "for_ms is a whole number from 1000 (a second) to "
                                 "2592000000 (30 days)"));
        wanted.until_ns = base::wall_ns() + length.get<int64_t>() * base::kMillisecond;
    }
    if (const Hold* other = of_another(wanted.zone, wanted.by)) {
        json refused_json = refused(*other);
        refused_json["code"] = "conflict";
        return reply(refused_json);
    }
    std::erase_if(holds_, [&](const Hold& h) { return h.zone == wanted.zone; });
    const auto at = std::find_if(holds_.begin(), holds_.end(),
                                 [&](const Hold& h) { return h.zone > wanted.zone; });
    holds_.insert(at, wanted);
    changed([reply, wanted](const json& result) {
        reply({{"ok", true},
               {"zone", wanted.zone},
               {"by", wanted.by},
               {"until", until_json(wanted)},
               {"recorded", result.value("ok", false)}});
    });
}

void Holds::release(const json& data, const ReplyFn& reply) {
    const std::string zone = events::text_of(data, "zone");
    const auto found =
        std::find_if(holds_.begin(), holds_.end(), [&](const Hold& h) { return h.zone == zone; });
    if (found == holds_.end()) {
        const auto names = zones();
        return reply(
            refusal("unknown", fmt::format("{} is not held; held are: {}", config::in_quotes(zone),
                                           config::allowed_words(names, zone))));
    }
    const Hold ended = *found;
    holds_.erase(found);
    changed([reply, ended](const json& result) {
        reply({{"ok", true},
               {"zone", ended.zone},
               {"by", ended.by},
               {"recorded", result.value("ok", false)}});
    });
}

void Holds::changed(ReplyFn recorded) {
    const json data = document();
    facts_.publish(kHolds, kWall, data);
    facts_.put({{kHeld, kWall, data.dump(), 0, false}}, base::random_uuid(), "hub", "live",
               std::move(recorded));
    if (on_change_) on_change_();
}

std::vector<wall::RectMm> Holds::boxes() const {
    std::vector<wall::RectMm> out;
    for (const Hold& hold : holds_)
        for (const wall::RectMm& rect : boxes_of(hold.zone)) out.push_back(rect);
    return out;
}

std::vector<std::string> Holds::zones() const {
    std::vector<std::string> out;
    for (const Hold& hold : holds_) out.push_back(hold.zone);
    return out;
}

const Hold* Holds::over(const std::vector<wall::RectMm>& rects) const {
    for (const Hold& hold : holds_)
        for (const wall::RectMm& rect : boxes_of(hold.zone))
            if (wall::touches(rect, rects)) return &hold;
    return nullptr;
}

const Hold* Holds::over_all() const {
    const auto held = boxes();
    const auto& displays = site_->wall.displays;
    const bool all = std::all_of(displays.begin(), displays.end(), [&](const config::Display& d) {
        return std::find(held.begin(), held.end(), box(d)) != held.end();
    });
    return all && !holds_.empty() ? &holds_.front() : nullptr;
}

/// By the hall's clock.
std::string Holds::until_text(const Hold& hold) const {
    if (hold.until_ns == 0) return "it is released";
    const int64_t minute = 60 * base::kSecond;
    const std::string local =
        base::rfc3339(hold.until_ns + site_->wall.utc_offset_minutes * minute);
    return local.substr(0, 10) + " " + local.substr(11, 8);
}

json Holds::refused(const Hold& hold) const {
    json out = refusal("held", fmt::format("{} is held by {} until {}",
                                           hold.zone == kWall ? "the wall" : hold.zone, hold.by,
                                           until_text(hold)));
    out["zone"] = hold.zone;
    out["by"] = hold.by;
    out["until"] = until_json(hold);
    return out;
}

json Holds::document() const {
    json list = json::array();
    for (const Hold& hold : holds_) {
        const config::Text title = title_of(*site_, hold.zone);
        list.push_back({{"zone", hold.zone},
                        {"title", {{"zh", title.zh}, {"en", title.en}}},
                        {"by", hold.by},
                        {"until_ns", hold.until_ns}});
    }
    return {{"holds", list}};
}

json Holds::status() const {
    json list = json::array();
    for (const Hold& hold : holds_)
        list.push_back({{"zone", hold.zone}, {"by", hold.by}, {"until", until_json(hold)}});
    return list;
}

void Holds::tick() {
    const int64_t now = base::wall_ns();
    const size_t ended = std::erase_if(
        holds_, [now](const Hold& h) { return h.until_ns != 0 && h.until_ns <= now; });
    if (ended == 0) return;
    changed([](const json& result) {
        if (!result.value("ok", false))
            base::log_error("the end of a hold is not recorded: {}",
                            events::text_of(result, "text"));
    });
}

int64_t Holds::next_wake_ns() const {
    int64_t wake = INT64_MAX;
    const int64_t now = base::wall_ns();
    for (const Hold& hold : holds_)
        if (hold.until_ns != 0)
            wake = std::min(wake, base::mono_ns() + std::max<int64_t>(hold.until_ns - now, 0));
    return wake;
}

}  // namespace bw::hub
