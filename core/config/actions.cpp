// SPDX-License-Identifier: Apache-2.0
#include "core/config/actions.h"

#include <algorithm>

#include "core/base/ids.h"

namespace bw::config {
namespace {

constexpr std::string_view kPlugin = "plugin.", kCommand = ".command", kAll = ".*";

bool begins(std::string_view text, std::string_view with) {
    return text.substr(0, with.size()) == with;
}

bool ends(std::string_view text, std::string_view with) {
    return text.size() >= with.size() && text.substr(text.size() - with.size()) == with;
}

}  // namespace

const std::vector<std::string>& actions() {
    static const std::vector<std::string> words = {
        "see",    "snapshot", "preview",     "take",    "undo",      "edit",      "save",
        "hold",   "release",  "retry",       "restart", "reload",    "publish",   "record",
        "handle", "audit",    "acknowledge", "journal", "run_space", "take_space"};
    return words;
}

bool is_action_pattern(std::string_view pattern) {
    if (pattern == "*" || pattern == "plugin.*") return true;
    if (std::find(actions().begin(), actions().end(), pattern) != actions().end()) return true;
    if (!begins(pattern, kPlugin)) return false;
    std::string_view name = pattern.substr(kPlugin.size());
    if (ends(name, kCommand))
        name.remove_suffix(kCommand.size());
    else if (ends(name, kAll))
        name.remove_suffix(kAll.size());
    else
        return false;
    return base::is_safe_name(name);
}

bool covers(std::string_view pattern, std::string_view action) {
    if (pattern.empty() || pattern.back() != '*') return pattern == action;
    return begins(action, pattern.substr(0, pattern.size() - 1));
}

const std::vector<std::string>& built_in_role_names() {
    static const std::vector<std::string> names = {"viewer", "duty_officer", "leader",
                                                   "administrator"};
    return names;
}

}  // namespace bw::config
