// SPDX-License-Identifier: Apache-2.0
#include "core/check/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace bw::check {
namespace {

bool is_bad(const Line& line) {
    return line.finding.verdict == Verdict::fail || line.finding.verdict == Verdict::crashed;
}

std::map<std::string, int> counts(const std::vector<Line>& lines) {
    std::map<std::string, int> out;
    for (const Line& line : lines) ++out[verdict_word(line.finding.verdict)];
    return out;
}

}  // namespace

void print_table(const std::vector<Line>& lines) {
    std::string plugin;
    for (const Line& line : lines) {
        if (line.plugin != plugin) fmt::print("{}\n", plugin = line.plugin);
        fmt::print("  {:<8} {:<20} {}\n", verdict_word(line.finding.verdict), line.rule,
                   line.finding.text);
        if (!line.finding.advice.empty())
            fmt::print("  {:<8} {:<20} → {}\n", "", "", line.finding.advice);
    }
    std::string sum;
    for (const char* word : {"pass", "warning", "skipped", "fail", "crashed"}) {
        const auto all = counts(lines);
        const auto found = all.find(word);
        if (found != all.end())
            sum += fmt::format("{}{} {}", sum.empty() ? "" : ", ", found->second, word);
    }
    fmt::print("{}\n", sum);
}

std::string to_json(const std::vector<Line>& lines) {
    using nlohmann::json;
    json plugins = json::array();
    for (const Line& line : lines) {
        if (plugins.empty() || plugins.back()["name"] != line.plugin)
            plugins.push_back({{"name", line.plugin}, {"rules", json::array()}});
        plugins.back()["rules"].push_back({{"rule", line.rule},
                                           {"verdict", verdict_word(line.finding.verdict)},
                                           {"text", line.finding.text},
                                           {"advice", line.finding.advice}});
    }
    json out = {{"plugins", plugins}, {"counts", counts(lines)}, {"good", !any_bad(lines)}};
    return out.dump(2, ' ', false, json::error_handler_t::replace);
}

bool any_bad(const std::vector<Line>& lines) {
    return std::any_of(lines.begin(), lines.end(), is_bad);
}

}  // namespace bw::check
