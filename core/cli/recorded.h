// SPDX-License-Identifier: Apache-2.0
// Events of a wall's past, from wherever they are kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/events/client.h"

namespace bw::cli {

struct Span {
    int64_t since_ns = 0, until_ns = INT64_MAX;  // wall clock; by the time when the hub had them
    [[nodiscard]] bool has(const events::Event& event) const;
};
using Recorded = std::vector<events::Event>;

/// When the hub had it, else when it was true; 0: it says neither.
int64_t moment_of(const events::Event& event);
/// In the order of their moments, each once.
void put_in_order(Recorded& events);

/// JSON Lines, compressed (gzip) or not: CloudEvents, or what `journal export` wrote. A line that
/// is no event is an error with its number.
base::Result<Recorded> recorded_in_file(const std::filesystem::path& file, const Span& span);
/// The journal in a state folder, read-only; a hub may write to it meanwhile.
base::Result<Recorded> recorded_in_state(const std::filesystem::path& folder, const Span& span);
/// What a running hub has of types that begin so.
base::Result<Recorded> recorded_by_hub(events::Client& client, const Span& span,
                                       const std::vector<std::string>& types);

}  // namespace bw::cli
