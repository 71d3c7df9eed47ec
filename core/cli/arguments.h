// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace bw::cli {

/// What the command line asked for; gives the exit code.
using Action = std::function<int()>;
void add_ctl(CLI::App& app, Action& action);
void add_operator(CLI::App& app, Action& action);
void add_key(CLI::App& app, Action& action);
void add_audit(CLI::App& app, Action& action);
void add_rules(CLI::App& app, Action& action);
void add_journal(CLI::App& app, Action& action);

}  // namespace bw::cli
