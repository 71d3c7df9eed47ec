// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/plan.h"

#include <unistd.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/ids.h"
#include "core/base/unique_fd.h"

namespace bw::supervisor {
namespace {

using base::Error;
using nlohmann::json;

/// `text` of a control message holds a library's path.
constexpr size_t kMaxPath = 255;
constexpr off_t kMaxPlanBytes = 4 << 20;

base::Result<PluginPlan> parse_plugin(const json& item) {
    PluginPlan plugin;
    plugin.name = item.at("name").get<std::string>();
    plugin.library = item.value("library", "");
    plugin.service = item.value("service", "");
    plugin.version = item.value("version", "");
    for (const json& text : item.value("network", json::array())) {
        const auto rule = base::NetworkRule::parse(text.get<std::string>());
        if (!rule) return Error{"invalid", "plan: no network rule: " + text.get<std::string>()};
        plugin.network.push_back(*rule);
    }
    for (const json& path : item.value("files", json::array()))
        plugin.files.emplace_back(path.get<std::string>());
    if (!base::is_safe_name(plugin.name))
        return Error{"invalid", "plan: plugin name '" + plugin.name + "'"};
    for (const std::string& path : {plugin.library, plugin.service}) {
        if (path.empty()) continue;
        if (path[0] != '/') return Error{"invalid", "plan: not an absolute path: " + path};
        if (path.size() > kMaxPath) return Error{"invalid", "plan: path is too long: " + path};
    }
    return plugin;
}

base::Result<std::string> read_plan(int number) {
    const base::UniqueFd fd(number);
    const off_t size = lseek(fd.get(), 0, SEEK_END);
    if (size < 0) return base::errno_error("--plan-fd");
    if (size > kMaxPlanBytes) return Error{"invalid", "the plan is too long"};
    std::string text(static_cast<size_t>(size), '\0');
    size_t done = 0;
    while (done < text.size()) {
        const ssize_t got =
            pread(fd.get(), text.data() + done, text.size() - done, static_cast<off_t>(done));
        if (got <= 0) return base::errno_error("reading the plan");
        done += static_cast<size_t>(got);
    }
    return text;
}

}  // namespace

base::Result<Plan> parse_plan(const std::string& text) {
    try {
        const json document = json::parse(text);
        Plan plan;
        plan.site = document.at("site").get<std::string>();
        plan.folder = document.at("folder").get<std::string>();
        plan.language = document.value("language", plan.language);
        plan.glyph_scale = document.at("glyph_scale").get<double>();
        plan.console_port = document.value("console_port", plan.console_port);
        plan.utc_offset_minutes = document.value("utc_offset_minutes", plan.utc_offset_minutes);
        plan.restart_budget = document.value("restart_budget", plan.restart_budget);
        plan.restart_window_s = document.value("restart_window_s", plan.restart_window_s);
        plan.media = document.value("media", plan.media);
        plan.media_memory_mib = document.value("media_memory_mib", plan.media_memory_mib);
        plan.rules = document.value("rules", plan.rules);
        if (!(plan.glyph_scale > 0.01 && plan.glyph_scale < 100))
            return Error{"invalid", "plan: glyph_scale is out of range"};
        for (const json& item : document.at("plugins")) {
            auto plugin = parse_plugin(item);
            if (!plugin) return plugin.error();
            plan.plugins.push_back(std::move(*plugin));
        }
        return plan;
    } catch (const json::exception& fault) {
        return Error{"invalid", std::string("plan: ") + fault.what()};
    }
}

base::Result<Orders> read_orders(int argc, char** argv) {
    Orders orders;
    int plan_fd = -1;
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--headless") {
            orders.headless = true;
            continue;
        }
        if (i + 1 >= argc) return Error{"invalid", std::string(name) + " lacks its value"};
        const std::string_view value = argv[++i];
        if (name == "--run-dir") {
            orders.run_dir = value;
        } else if (name == "--state-dir") {
            orders.state_dir = value;
        } else if (name == "--machine") {
            orders.machine = value;
        } else if (name == "--plan-fd") {
            std::from_chars(value.data(), value.data() + value.size(), plan_fd);
        } else if (name != "--site") {  // the plan names the site; accepted as every role does
            return Error{"invalid", "unknown argument " + std::string(name)};
        }
    }
    if (plan_fd < 3 || orders.run_dir.empty() || orders.state_dir.empty())
        return Error{"invalid",
                     "--plan-fd, --run-dir and --state-dir are needed; "
                     "start a wall with `beaconwall run SITE`"};
    std::error_code ignored;
    orders.run_dir = std::filesystem::absolute(orders.run_dir, ignored);
    orders.state_dir = std::filesystem::absolute(orders.state_dir, ignored);
    auto text = read_plan(plan_fd);
    if (!text) return text.error();
    auto plan = parse_plan(*text);
    if (!plan) return plan.error();
    orders.plan = std::move(*plan);
    return orders;
}

}  // namespace bw::supervisor
