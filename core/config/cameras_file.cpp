// SPDX-License-Identifier: Apache-2.0
// cameras.toml
#include <fmt/core.h>

#include <algorithm>

#include "core/config/readers.h"

namespace bw::config {
namespace {

// "camera/ID" has to fit the 64 bytes of a video command.
constexpr size_t kMaxIdBytes = 48;

std::string read_uri(Table& table, std::string_view key, Report& report) {
    const Node* node = table.find(key, Node::Kind::string, Need::optional);
    return node && check_uri(*node, key, report) ? node->text : "";
}

void read_position(Table& table, Camera& camera, Report& report) {
    const Node* node = table.find("position", Node::Kind::array, Need::optional);
    if (!node) return;
    bool good = node->items.size() == 2;
    for (const Node& item : node->items)
        good = good && (item.kind == Node::Kind::real || item.kind == Node::Kind::integer);
    // Not with abs(): NaN has to fail.
    good = good && node->items[0].number >= -180 && node->items[0].number <= 180 &&
           node->items[1].number >= -90 && node->items[1].number <= 90;
    if (!good) {
        report.add(
            fault::bad_position, node->place,
            "found no position in `position`; allowed: [longitude, latitude] in degrees, -180 "
            "to 180 and -90 to 90");
        return;
    }
    camera.longitude = node->items[0].number;
    camera.latitude = node->items[1].number;
}

bool is_mask(const Node& item) {
    bool good = item.kind == Node::Kind::array && item.items.size() == 4;
    for (size_t i = 0; good && i < 4; ++i) {
        const Node& share = item.items[i];
        const bool number = share.kind == Node::Kind::real || share.kind == Node::Kind::integer;
        good = number && share.number >= 0 && share.number <= 1;
    }
    return good;
}

void read_masks(Table& table, Camera& camera, Report& report) {
    constexpr size_t kMost = 16;
    const Node* node = table.find("masks", Node::Kind::array, Need::optional);
    if (!node) return;
    if (node->items.size() > kMost ||
        !std::all_of(node->items.begin(), node->items.end(), is_mask)) {
        report.add(fault::bad_mask, node->place,
                   "found something else in `masks`; allowed: at most 16 of [x, y, width, height], "
                   "in shares of the picture from 0 to 1");
        return;
    }
    camera.masks.emplace();
    for (const Node& item : node->items)
        camera.masks->push_back({item.items[0].number, item.items[1].number, item.items[2].number,
                                 item.items[3].number});
}

void check_addresses(Table& table, const Camera& camera, Report& report) {
    const bool has_main = table.find("main") != nullptr, has_sub = table.find("sub") != nullptr;
    if (!has_main && has_sub)
        report.add(fault::sub_without_main, table.place_of("sub"),
                   "found `sub` without `main`; allowed: both, or `main` alone");
    else if (!has_main && !table.find("owner"))
        report.add(fault::no_address, table.place(),
                   fmt::format("found neither `main` nor `owner` at camera {}; one is required",
                               in_quotes(camera.id)));
}

void read_groups(Table& table, Camera& camera, Report& report) {
    for (const Node* node : table.strings("groups"))
        if (check_name(report, *node, "groups")) camera.groups.push_back(node->text);
}

Camera read_camera(const Node& node, Report& report, const Known& known) {
    Table table(report, node, "[[camera]]");
    Camera camera;
    camera.id = table.name("id", Need::required, kMaxIdBytes);
    if (!camera.id.empty()) camera.id = "camera/" + camera.id;
    camera.name = table.text("name");
    camera.kind = table.string("kind");
    camera.place = table.string("place");
    camera.town = table.string("town");
    camera.main_uri = read_uri(table, "main", report);
    camera.sub_uri = read_uri(table, "sub", report);
    camera.owner = table.name("owner", Need::optional);
    camera.standby = table.boolean("standby", false);
    camera.frozen_after_s = table.number("frozen_after_s", {0, 86400}, camera.frozen_after_s);
    read_groups(table, camera, report);
    read_masks(table, camera, report);
    read_position(table, camera, report);
    check_owner(camera.owner, table.place_of("owner"), report, known);
    check_addresses(table, camera, report);
    table.finish();
    return camera;
}

}  // namespace

void check_owner(const std::string& owner, Place place, Report& report, const Known& known) {
    if (owner.empty()) return;
    const Plugin* plugin = known.plugin(owner);
    if (plugin && !plugin->service.empty()) return;
    std::vector<std::string> services;
    for (const Plugin& each : *known.plugins)
        if (!each.service.empty()) services.push_back(each.name);
    report.add(fault::unknown_owner, place,
               fmt::format("found the owner {}, which is no plugin with a service; allowed: {}",
                           in_quotes(owner), allowed_words(services, owner)));
}

std::vector<Camera> read_cameras(const Node& root, Report& report, const Known& known) {
    std::vector<Camera> cameras;
    Table table(report, root, "cameras.toml");
    for (const Node* node : table.tables("camera")) {
        Camera camera = read_camera(*node, report, known);
        if (camera.id.empty()) continue;  // told already
        const bool twice = std::any_of(cameras.begin(), cameras.end(),
                                       [&](const Camera& other) { return other.id == camera.id; });
        if (twice)
            report.add(fault::camera_twice, node->place,
                       fmt::format("found {} a second time; allowed: each id once", camera.id));
        else
            cameras.push_back(std::move(camera));
    }
    table.finish();
    return cameras;
}

}  // namespace bw::config
