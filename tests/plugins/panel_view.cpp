// SPDX-License-Identifier: Apache-2.0
// panel_view LIBRARY PANEL EVENTS.jsonl OUT.png|- [WIDTH HEIGHT LANGUAGE SETTINGS SCALE]: what a
// panel draws of recorded events. EVENTS has one CloudEvent a line. Prints the number of texts'
// vertices, videos and redraw wishes as JSON; fails if the panel logs anything.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/clock.h"
#include "tests/sdk/fake_host.h"
#include "tests/sdk/raster.h"

namespace {

using nlohmann::json;

bool wanted(const std::vector<std::string>& prefixes, const std::string& name) {
    for (const std::string& prefix : prefixes) {
        if (name.compare(0, prefix.size(), prefix) == 0) return true;
    }
    return false;
}

/// Feeds the file; returns how many events asked for a new picture.
int feed(bw_panel_t* panel, bw::test::FakeHost& host, const char* file) {
    std::ifstream in(file);
    int asked = 0;
    for (std::string line; std::getline(in, line);) {
        json event = json::parse(line);
        std::string type = event["type"], subject = event["subject"], source = "test";
        std::string time = event["time"], data = event["data"].dump();
        if (!wanted(host.subscribed, type + "/" + subject)) continue;
        if (auto at = bw::base::parse_rfc3339(time); at && *at > host.wall_ns) host.wall_ns = *at;
        bw_event_t out{};
        out.type = type.c_str();
        out.subject = subject.c_str();
        out.source = source.c_str();
        out.time = time.c_str();
        out.data = data.c_str();
        out.tombstone = event.value("tombstone", false);
        if (panel->event(panel, &out)) ++asked;
    }
    return asked;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) return 2;
    auto argument = [&](int i, const char* fallback) { return argc > i ? argv[i] : fallback; };
    auto width = static_cast<uint32_t>(std::atoi(argument(5, "1130")));
    auto height = static_cast<uint32_t>(std::atoi(argument(6, "520")));
    auto scale = static_cast<float>(std::atof(argument(9, "1.47")));
    void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    const auto* entry = static_cast<const bw_panel_entry_t*>(dlsym(library, BW_PANEL_ENTRY_SYMBOL));
    if (entry == nullptr) return 1;
    bw::test::FakeHost host(*entry, static_cast<double>(scale));
    bw_panel_t* panel = host.create(argv[2]);
    if (panel == nullptr) return 1;
    host.wall_ns = 1;
    host.configure(panel, width, height, scale, argument(7, "zh"), argument(8, "{}"));
    int asked = feed(panel, host, argv[3]);
    bw_draw_list_t list{};
    bool drawn = panel->draw(panel, &list);
    if (drawn && std::string(argv[4]) != "-") {
        auto image =
            bw::test::rasterize(list, host, static_cast<int>(width), static_cast<int>(height));
        if (!bw::test::write_png(image, argv[4])) return 1;
    }
    json result = {{"drawn", drawn}, {"asked", asked}, {"vertices", list.vertex_count}};
    result["videos"] = json::array();
    for (uint32_t i = 0; i < list.video_count; ++i) {
        result["videos"].push_back(list.videos[i].source);
    }
    // The same facts once more change nothing that is written.
    result["asked_again"] = feed(panel, host, argv[3]);
    panel->destroy(panel);
    for (const std::string& line : host.log) std::fprintf(stderr, "%s\n", line.c_str());
    std::printf("%s\n", result.dump().c_str());
    return host.log.empty() && drawn ? 0 : 1;
}
