// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/check/rules.h"

namespace bw::check {

struct Line {
    std::string plugin, rule;
    Finding finding;
};

/// For people: a table, what to do below each line that is not well, a sum.
void print_table(const std::vector<Line>& lines);
/// {"plugins": [{"name", "rules": [{"rule", "verdict", "text", "advice"}]}], "passed", "failed", …}
std::string to_json(const std::vector<Line>& lines);
/// A rule has failed or crashed.
bool any_bad(const std::vector<Line>& lines);

}  // namespace bw::check
