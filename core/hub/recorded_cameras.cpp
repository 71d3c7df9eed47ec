// SPDX-License-Identifier: Apache-2.0
#include "core/hub/recorded_cameras.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/ids.h"
#include "core/events/json.h"

namespace bw::hub {
namespace {

using nlohmann::json;
constexpr std::string_view kSubject = "camera/", kService = "service:";
constexpr size_t kMaxIdBytes = 48;  // as in cameras.toml

bool is_camera(const std::string& subject) {
    if (subject.rfind(kSubject, 0) != 0) return false;
    const std::string id = subject.substr(kSubject.size());
    return id.size() <= kMaxIdBytes && base::is_safe_name(id);
}

config::Camera camera_of(const std::string& subject, const json& data) {
    const json none = json::object();
    const auto part = [&](const char* key) -> const json& {
        const auto at = data.find(key);
        return at != data.end() && at->is_object() ? *at : none;
    };
    config::Camera camera;
    camera.id = subject;
    camera.name = {events::text_of(part("name"), "zh"), events::text_of(part("name"), "en")};
    camera.kind = events::text_of(data, "kind");
    camera.place = events::text_of(data, "place");
    camera.town = events::text_of(data, "town");
    camera.main_uri = events::text_of(part("main"), "uri");
    camera.sub_uri = events::text_of(part("sub"), "uri");
    const std::string origin = events::text_of(data, "origin");
    if (origin.rfind(kService, 0) == 0) camera.owner = origin.substr(kService.size());
    return camera;
}

}  // namespace

std::vector<config::Camera> recorded_cameras(const Facts& facts,
                                             const std::vector<config::Camera>& files) {
    std::vector<config::Camera> cameras;
    for (const StoredPtr& row : facts.records("live", "beaconwall.source.v1")) {
        const bool in_file = std::any_of(files.begin(), files.end(), [&row](const auto& camera) {
            return camera.id == row->subject;
        });
        json event;
        if (in_file || !is_camera(row->subject) || !events::read_json(row->json, event)) continue;
        const json data = event.value("data", json());
        if (data.is_object() && events::text_of(data, "origin") != "file")
            cameras.push_back(camera_of(row->subject, data));
    }
    return cameras;
}

}  // namespace bw::hub
