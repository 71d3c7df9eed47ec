// SPDX-License-Identifier: Apache-2.0
#include "cameras.h"

#include <beaconwall/service/ids.h>
#include <beaconwall/service/log.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "field.h"

namespace bw::demo_field {
namespace {

using nlohmann::json;

constexpr int64_t kAgainMs = 2000;

Terrain terrain_of(const std::string& word) {
    if (word == "river") return Terrain::river;
    return word == "village" ? Terrain::village : Terrain::ridges;
}

std::vector<CameraPlan> read_plans(const std::filesystem::path& file) {
    std::ifstream in(file);
    const json read = json::parse(in, nullptr, false);
    std::vector<CameraPlan> plans;
    if (!read.is_object() || !read.contains("cameras") || !read["cameras"].is_array()) return plans;
    for (const auto& entry : read["cameras"]) {
        if (!entry.is_object()) continue;
        CameraPlan plan;
        plan.id = entry.value("id", "");
        plan.label = entry.value("label", plan.id);
        plan.seed = entry.value("seed", 1U);
        plan.light = entry.value("light", 0U);
        plan.terrain = terrain_of(entry.value("terrain", "ridges"));
        plan.like = entry.value("like", "");
        if (base::is_safe_name(plan.id)) plans.push_back(std::move(plan));
    }
    return plans;
}

void publish(sdk::Service& service, const RtspCameras& cameras) {
    std::vector<events::RecordWrite> writes;
    for (const auto& plan : cameras.plans()) {
        events::RecordWrite write;
        write.type = "beaconwall.source.v1";
        write.subject = "camera/" + plan.id;
        const json stream = {{"uri", cameras.uri(plan)}};
        write.data = json{{"main", stream}, {"sub", stream}}.dump();
        writes.push_back(std::move(write));
    }
    service.wire().put_records(std::move(writes), [&service, &cameras](const events::Reply& reply) {
        if (reply.ok) return base::log_info("{} cameras are published", cameras.plans().size());
        base::log_warning("the cameras' addresses were not taken: {}", reply.text);
        service.after(kAgainMs, [&service, &cameras] { publish(service, cameras); });
    });
}

}  // namespace

std::unique_ptr<RtspCameras> play_cameras(sdk::Service& service) {
    auto plans = read_plans(service.site_data() / "cameras.json");
    if (plans.empty()) {
        base::log_warning("no cameras to play: SITE/data/cameras.json names none");
        return nullptr;
    }
    auto cameras = RtspCameras::start(std::move(plans), smoke_in);
    if (!cameras) {
        base::log_warning("no cameras: {}", cameras.error().text);
        return nullptr;
    }
    publish(service, **cameras);
    return std::move(*cameras);
}

}  // namespace bw::demo_field
