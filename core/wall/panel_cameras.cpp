// SPDX-License-Identifier: Apache-2.0
#include "core/wall/panel_cameras.h"

#include <nlohmann/json.hpp>
#include <set>

namespace bw::wall {
namespace {

void collect(const nlohmann::json& value, std::set<std::string>& texts) {
    if (value.is_string()) texts.insert(value.get<std::string>());
    if (!value.is_structured()) return;
    for (const auto& item : value) collect(item, texts);
}

}  // namespace

std::vector<std::string> cameras_in(const config::Site& site, const std::string& settings) {
    std::set<std::string> texts;
    collect(nlohmann::json::parse(settings, nullptr, false), texts);
    std::vector<std::string> found;
    for (const config::Camera& camera : site.cameras)
        if (texts.contains(camera.id) || texts.contains(camera.id.substr(camera.id.find('/') + 1)))
            found.push_back(camera.id);
    return found;
}

}  // namespace bw::wall
