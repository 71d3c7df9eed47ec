// SPDX-License-Identifier: Apache-2.0
// beaconwall rules test SITE | ctl rules test: what the rules would have done.
#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/duration.h"
#include "core/cli/commands.h"
#include "core/cli/folders.h"
#include "core/cli/hub_link.h"
#include "core/cli/recorded.h"
#include "core/cli/site_check.h"
#include "core/rules/rehearsal.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
namespace fs = std::filesystem;
constexpr int64_t kDayNs = int64_t{24} * 3600 * base::kSecond;
constexpr int64_t kTimeoutMs = 5000;

/// "8h" ago, a day, or a time.
std::optional<int64_t> moment(const std::string& text) {
    if (const auto length = base::parse_duration(text))
        return base::wall_ns() - *length * base::kMillisecond;
    return base::parse_rfc3339(base::time_text(text));
}

bool read_span(const RulesOptions& options, Span& span) {
    // Of a file all of it: whoever made it chose what is in it.
    span = {options.file ? 0 : base::wall_ns() - kDayNs, INT64_MAX};
    for (const auto& [text, target] :
         {std::pair(&options.since, &span.since_ns), std::pair(&options.until, &span.until_ns)}) {
        if (text->empty()) continue;
        const auto at = moment(*text);
        if (!at) {
            fmt::print(stderr, "{}\n", base::time_fault_or("8h (so long ago), ", *text));
            return false;
        }
        *target = *at;
    }
    return true;
}

/// The types that a hub is asked for.
std::vector<std::string> types_of(const config::Rules& rules) {
    std::vector<std::string> types = {"beaconwall.wall.taken.v1", "beaconwall.wall.held.v1"};
    for (const config::Rule& rule : rules.rules) {
        types.push_back(rule.when.type);
        if (rule.when.place && !rule.when.place->from.empty())
            types.push_back(rule.when.place->from);
    }
    std::sort(types.begin(), types.end());
    types.erase(std::unique(types.begin(), types.end()), types.end());
    return types;
}

/// By the hall's clock.
std::string local_time(int64_t at_ns, const config::Wall& wall) {
    const std::string text = base::rfc3339(at_ns + wall.utc_offset_minutes * 60 * base::kSecond);
    return text.substr(0, 10) + " " + text.substr(11, 8);
}

void print(const std::vector<rules::Note>& notes, const rules::Rehearsal::Sum& sum,
           const config::Site& site, bool as_json) {
    if (as_json) {
        json list = json::array();
        for (const rules::Note& note : notes)
            list.push_back(
                {{"time", base::rfc3339(note.at_ns)}, {"rule", note.rule}, {"text", note.text}});
        fmt::print("{}\n", document({{"notes", list},
                                     {"events", sum.events},
                                     {"takes", sum.takes},
                                     {"returns", sum.returns},
                                     {"previews", sum.previews},
                                     {"attention", sum.items},
                                     {"on_air", sum.on_air}}));
        return;
    }
    for (const rules::Note& note : notes)
        fmt::print("{}  {}{}{}\n", local_time(note.at_ns, site.wall), note.rule,
                   note.rule.empty() ? "" : " ", note.text);
    fmt::print(
        "{} events: {} takes, {} returns, {} previews, {} items of attention; {} on air at the "
        "end\n",
        sum.events, sum.takes, sum.returns, sum.previews, sum.items, sum.on_air);
}

int rehearse(const std::shared_ptr<const config::Site>& site, Recorded events, const Span& span,
             bool as_json) {
    put_in_order(events);
    rules::Rehearsal rehearsal(site);
    for (const events::Event& event : events) rehearsal.hear(event);
    rehearsal.end(std::min(span.until_ns, base::wall_ns()));
    print(rehearsal.notes(), rehearsal.sum(), *site, as_json);
    return Exit::done;
}

std::shared_ptr<const config::Site> checked(const fs::path& folder) {
    CheckedSite checked = check_site(folder);
    if (!checked.good) return nullptr;
    return std::make_shared<config::Site>(std::move(checked.site));
}

int fault(const base::Error& error) {
    fmt::print(stderr, "{}\n", error.text);
    return error.code == "timeout" ? Exit::timed_out : Exit::refused;
}

int by_hub(events::Client& client, const fs::path& folder, const Span& span, bool as_json) {
    const auto site = checked(folder);
    if (!site) return Exit::refused;
    auto events = recorded_by_hub(client, span, types_of(site->rules));
    if (!events) return fault(events.error());
    return rehearse(site, std::move(*events), span, as_json);
}

}  // namespace

int rules_test(const RulesOptions& options) {
    Span span;
    if (!read_span(options, span)) return Exit::refused;
    const auto site = checked(options.site);
    if (!site) return Exit::refused;
    auto events =
        options.file
            ? recorded_in_file(*options.file, span)
            : recorded_in_state(state_folder(options.state_dir, options.run_dir, site->name), span);
    if (!events) return fault(events.error());
    return rehearse(site, std::move(*events), span, options.json);
}

int ctl_rules_test(const CtlOptions& options) {
    Span span;
    RulesOptions times;
    times.since = options.since;
    if (!read_span(times, span)) return Exit::refused;
    if (!options.hub.empty()) {
        fmt::print(stderr, "the site lies on the wall's own machine: ask there\n");
        return Exit::refused;
    }
    int code = Exit::done;
    const auto client = open_hub(options, code);
    if (!client) return code;
    json status;
    if (const int failed = judge(client->call("status", "{}", kTimeoutMs), status)) return failed;
    const auto folder = status.find("site_folder");
    if (folder == status.end() || !folder->is_string()) {
        fmt::print(stderr, "this hub does not say where its site is\n");
        return Exit::refused;
    }
    return by_hub(*client, folder->get<std::string>(), span, options.json);
}

}  // namespace bw::cli
