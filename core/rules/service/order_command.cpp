// SPDX-License-Identifier: Apache-2.0
#include "core/rules/service/order_command.h"

#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/events/event.h"

namespace bw::rules {

using nlohmann::json;

namespace {

constexpr int64_t kExpiresMs = 2000;

const char* type_of(Order::What what) {
    switch (what) {
        case Order::What::take:
            return "beaconwall.wall.take.v1";
        case Order::What::focus:
            return "beaconwall.wall.edit.v1";
        case Order::What::undo:
            return "beaconwall.wall.undo.v1";
        case Order::What::preview:
            break;
    }
    return "beaconwall.wall.preview.v1";
}

json data_of(const Order& order) {
    if (order.what == Order::What::preview) return {{"layout", order.target}};
    json data = {{"if_take", order.if_take}};
    if (order.fade_ms) data["fade_ms"] = *order.fade_ms;
    if (order.what == Order::What::take) data["layout"] = order.target;
    if (order.what == Order::What::undo) data["steps"] = order.steps;
    if (order.what == Order::What::focus) data["op"] = "full", data["pane"] = order.target;
    return data;
}

}  // namespace

std::string command_of(const Order& order, int64_t now_ns) {
    events::Event event;
    event.id = order.id;
    event.source = "rule:" + order.rule;
    event.type = type_of(order.what);
    event.subject = "wall";
    event.time = base::rfc3339(now_ns);
    event.data = data_of(order).dump();
    return json{{"rule", order.rule},
                {"expires_ms", kExpiresMs},
                {"sent_ns", now_ns},
                {"event", json::parse(events::to_json(event), nullptr, false)}}
        .dump();
}

}  // namespace bw::rules
