// SPDX-License-Identifier: Apache-2.0
// A span of a journal in a file: JSON Lines, compressed by gzip. The first line is the head, then
// one per row, then the end with their number, by which a file that was cut off is known.
//
//   {"beaconwall":"journal","format":1,"from":…,"until":…,"exported":…}
//   {"lane":"telemetry"|"durable"|"command","recorded_ns":N,"event":{…}}
//   {"end":N}
//
// One thread.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/hub/database.h"

namespace bw::hub {

/// Which rows; times as in Query.
struct Span {
    std::optional<int64_t> from_ns, until_ns;
    std::string type, subject;  // prefixes
};

/// Writes the rows of `span` to `file`, whole or not at all; how many. Imported ones are left out.
base::Result<uint64_t> write_archive(Database& db, const Span& span,
                                     const std::filesystem::path& file);

/// Of a file's lines; `row` gets each row's, and may say what is wrong with it. How many there
/// were; an error names the line.
base::Result<uint64_t> read_archive(const std::filesystem::path& file,
                                    const std::function<std::string(const std::string&)>& row);

/// A row's line as a row that is imported: marked, and with its own time. Null and a sentence when
/// it is none.
StoredPtr read_archive_line(const nlohmann::json& line, std::string& fault);

}  // namespace bw::hub
