// SPDX-License-Identifier: Apache-2.0
#include "core/hub/extent.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/events/json.h"
#include "core/wall/hold.h"

namespace bw::hub {

using access::Extent;
using access::Touches;
using nlohmann::json;

namespace {

Extent whole(const config::Site& site) {
    Extent all;
    for (const config::Display& display : site.wall.displays) all.displays.push_back(display.name);
    for (const config::Camera& camera : site.cameras) all.sources.push_back(camera.id);
    return all;
}

/// A zone, a display, or "wall".
Extent of_zone(const std::string& name, const config::Site& site) {
    Extent extent;
    for (const config::Zone& zone : site.wall.zones)
        if (zone.name == name) extent.displays = zone.displays;
    if (!extent.displays.empty()) return extent;
    for (const config::Display& display : site.wall.displays)
        if (name == "wall" || display.name == name) extent.displays.push_back(display.name);
    return extent;
}

Extent of_change(const Scenes::Change& change, const config::Site& site) {
    Extent extent;
    for (const config::Display& d : site.wall.displays)
        if (wall::touches({d.x_mm, d.y_mm, d.width_mm, d.height_mm}, change.rects))
            extent.displays.push_back(d.name);
    extent.sources = change.sources;
    return extent;
}

}  // namespace

Extent extent_of(Touches touches, const json& event, const config::Site& site,
                 const Scenes& scenes) {
    const json data = event.value("data", json::object());
    switch (touches) {
        case Touches::nothing:
            return {};
        case Touches::wall:
            return whole(site);
        case Touches::zone:
            return of_zone(events::text_of(data, "zone"), site);
        case Touches::source:
            return {{}, {events::text_of(event, "subject")}};
        case Touches::scene:
            return of_change(scenes.change_of(events::text_of(event, "type"), data,
                                              events::text_of(event, "source")),
                             site);
    }
    return whole(site);
}

}  // namespace bw::hub
