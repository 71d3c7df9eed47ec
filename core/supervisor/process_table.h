// SPDX-License-Identifier: Apache-2.0
// The table of everything that should run, and how each row is started.
#pragma once

#include <functional>
#include <string_view>

#include "core/base/result.h"
#include "core/supervisor/links.h"
#include "core/supervisor/plan.h"
#include "core/supervisor/run_directory.h"
#include "core/supervisor/spare.h"

namespace bw::supervisor {

/// In start order: hub, compositor, media, panels, services, console, rules.
Processes make_table(const Plan& plan);

/// The row of the rules, for a site that got its first ones while the wall runs.
void add_rules(Processes& processes, int64_t due_ns);

/// Every row that `name` means: "panel/supplies", or both halves of a plugin by "plugin/supplies".
std::vector<Process*> find(const Processes& processes, std::string_view name);
/// The hub's row; null in a table without one.
Process* find(const Processes& processes, Role role);

/// What children are given beside their own.
struct Shared {
    const Orders& orders;
    const RunDirectory& directory;
    int glyphs = -1;         // the atlas' memfd
    int scene = -1;          // the scene memory's memfd
    Spare* spare = nullptr;  // panels; null: each is launched when it is wanted
};

/// A process for a row that is not a service's; it waits for its `start`.
base::Result<Launched> launch(const Process& process, const Orders& orders);

/// Starts one incarnation and sends its `start`.
base::Status start(Process& process, uint64_t incarnation, const Shared& shared, int64_t now_ns);

/// The row as the hub gets it.
control::Message row_message(const Process& process);
control::Message plug_message(const Process& process, bool plugged);

}  // namespace bw::supervisor
