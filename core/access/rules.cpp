// SPDX-License-Identifier: Apache-2.0
#include "core/access/rules.h"

namespace bw::access {
namespace {

struct Row {
    std::string_view type, op, action;  // op empty: whatever it is
    Touches touches;
};

constexpr Row kRows[] = {
    // With the op "space": it brings an exercise or a replay onto the wall, or into the preview.
    {"beaconwall.wall.take.v1", "space", "take_space", Touches::scene},
    {"beaconwall.wall.take.v1", "", "take", Touches::scene},
    {"beaconwall.wall.preview.v1", "space", "take_space", Touches::scene},
    {"beaconwall.wall.preview.v1", "", "preview", Touches::scene},
    {"beaconwall.wall.undo.v1", "space", "take_space", Touches::scene},
    {"beaconwall.wall.undo.v1", "", "undo", Touches::scene},
    {"beaconwall.wall.edit.v1", "save", "save", Touches::nothing},
    {"beaconwall.wall.edit.v1", "", "edit", Touches::scene},
    {"beaconwall.wall.hold.v1", "", "hold", Touches::zone},
    {"beaconwall.wall.release.v1", "", "release", Touches::zone},
    {"beaconwall.space.start.v1", "", "run_space", Touches::wall},
    {"beaconwall.space.end.v1", "", "run_space", Touches::wall},
    {"beaconwall.attention.acknowledge.v1", "", "acknowledge", Touches::nothing},
    {"beaconwall.source.retry.v1", "", "retry", Touches::source},
    {"beaconwall.plugin.restart.v1", "", "restart", Touches::wall},
    {"beaconwall.plugin.reload.v1", "", "reload", Touches::wall},
    {"beaconwall.compositor.snapshot.v1", "", "snapshot", Touches::nothing},
    {"verb:status", "", "see", Touches::nothing},
    {"verb:layouts", "", "see", Touches::nothing},
    {"verb:spaces", "", "see", Touches::nothing},
    {"verb:commands", "", "see", Touches::nothing},
    {"verb:events", "", "see", Touches::nothing},
    {"verb:journal", "", "journal", Touches::wall},
    {"verb:subscribe", "", "see", Touches::nothing},
    {"verb:record", "put", "record", Touches::wall},
    {"verb:record", "", "see", Touches::nothing},
    {"verb:blob", "get", "see", Touches::nothing},
    {"verb:blob", "", "publish", Touches::wall},  // whatever is no get, the hub takes for a put
    {"verb:publish", "", "publish", Touches::wall},
    {"verb:handle", "", "handle", Touches::wall},
    {"verb:audit", "", "audit", Touches::nothing},
};

}  // namespace

Rule rule_of(std::string_view type, std::string_view op) {
    for (const Row& row : kRows)
        if (row.type == type && (row.op.empty() || row.op == op))
            return {std::string(row.action), row.touches};
    return {};
}

Rule plugin_rule(std::string_view plugin) {
    // No plugin is called "-": what nobody's manifest names is covered by "plugin.*" alone.
    return {"plugin." + std::string(plugin.empty() ? "-" : plugin) + ".command", Touches::nothing};
}

std::vector<std::string> ruled() {
    std::vector<std::string> types;
    for (const Row& row : kRows)
        if (types.empty() || types.back() != row.type) types.emplace_back(row.type);
    return types;
}

std::vector<std::string> ops_of(std::string_view type) {
    std::vector<std::string> ops;
    for (const Row& row : kRows)
        if (row.type == type && !row.op.empty()) ops.emplace_back(row.op);
    ops.emplace_back();
    return ops;
}

}  // namespace bw::access
