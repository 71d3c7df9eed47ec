// SPDX-License-Identifier: Apache-2.0
// What a take shows, as people made it: a layout's file and the edits on it, in a space. Undo goes
// back to these, not to pictures of them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/wall/edit.h"

namespace bw::hub {

struct Entry {
    std::string layout;
    std::vector<wall::Edit> edits;  // oldest first
    std::string space = "live";
    bool operator==(const Entry&) const = default;
};

/// Of the command `edit`: op, pane, other, on, shows, settings. "invalid" with a sentence that says
/// what is allowed.
base::Result<wall::Edit> read_edit(const nlohmann::json& data);
nlohmann::json edit_json(const wall::Edit& edit);

/// {layout, edits, space?}; of an old journal also a layout's name alone. What cannot be read is
/// left out.
Entry read_entry(const nlohmann::json& data);
std::vector<Entry> read_entries(const nlohmann::json& list);
/// `space` is in it when it is not live.
nlohmann::json entry_json(const Entry& entry);
nlohmann::json edits_json(const std::vector<wall::Edit>& edits);
nlohmann::json entries_json(const std::vector<Entry>& entries);

/// The layout with its edits; those that no longer fit (its file changed) are left out.
config::Layout edited(const config::Site& site, const std::vector<config::Plugin>& plugins,
                      const config::Layout& layout, const std::vector<wall::Edit>& edits);

}  // namespace bw::hub
