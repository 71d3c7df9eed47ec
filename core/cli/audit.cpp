// SPDX-License-Identifier: Apache-2.0
// beaconwall audit verify, and beaconwall ctl audit
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/access/audit_verify.h"
#include "core/base/clock.h"
#include "core/base/duration.h"
#include "core/cli/commands.h"
#include "core/cli/folders.h"
#include "core/cli/hub_link.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
namespace fs = std::filesystem;
constexpr int64_t kTimeoutMs = 5000;

std::string text_of(const json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

void print_line(const json& line) {
    const std::string why = text_of(line, "why");
    fmt::print("{:>6}  {}  {}  {} ({})  {}  {}{}\n", line.value("n", json()).dump(),
               text_of(line, "time"), text_of(line, "outcome"), text_of(line, "who"),
               text_of(line, "from"), text_of(line, "what"), text_of(line, "subject"),
               why.empty() ? "" : ": " + why);
}

}  // namespace

int audit_verify(const AuditOptions& options) {
    if (!options.site && !options.state_dir && !options.run_dir) {
        fmt::print(stderr, "name the wall: --site SITE, or its state folder with --state-dir\n");
        return Exit::refused;
    }
    std::error_code error;
    const std::string site =
        options.site ? fs::weakly_canonical(*options.site, error).filename().string() : "";
    const fs::path folder = state_folder(options.state_dir, options.run_dir, site);
    std::string head = options.head;
    std::transform(head.begin(), head.end(), head.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const access::AuditReport report = access::verify_audit(folder, head);
    if (report.ok()) {
        fmt::print("{} lines, the newest is {}\n", report.lines, report.head);
        return Exit::done;
    }
    const std::string place =
        report.line == 0 ? report.file : fmt::format("{}:{}", report.file, report.line);
    fmt::print(stderr, "{}: {}\n", place, report.what);
    return Exit::refused;
}

int ctl_audit(const CtlOptions& options) {
    int code = Exit::done;
    const auto client = open_hub(options, code);
    if (!client) return code;
    json body = {{"after", 0}};
    if (!options.since.empty()) body["since"] = base::time_text(options.since);
    json all = json::array();
    for (bool more = true; more;) {
        json answer;
        if (const int failed = judge(client->call("audit", one_line(body), kTimeoutMs), answer))
            return failed;
        for (json& line : answer["lines"]) {
            if (options.json)
                all.push_back(std::move(line));
            else
                print_line(line);
        }
        more = answer.value("more", false);
        body["after"] = answer.value("next", json(0));
    }
    if (options.json) fmt::print("{}\n", document({{"lines", all}}));
    return Exit::done;
}

}  // namespace bw::cli
