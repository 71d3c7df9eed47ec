// SPDX-License-Identifier: Apache-2.0
// A loaded panel library: checked for its one exported symbol and its ABI version.
#pragma once

#include <beaconwall/panel.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace bw::panel {

class Plugin {
  public:
    /// Errors, in words for a person: "not_found" (no such library, or it misses another),
    /// "refused" (no entry, other exported symbols, another ABI version, init said no).
    static base::Result<std::unique_ptr<Plugin>> load(const std::filesystem::path& library,
                                                      const bw_host_t* host);
    /// Calls deinit. The library stays mapped: threads it may have left would crash otherwise.
    ~Plugin();
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;

    [[nodiscard]] const bw_panel_entry_t& entry() const { return *entry_; }

  private:
    Plugin() = default;
    const bw_panel_entry_t* entry_ = nullptr;
};

/// What a loaded library exports (names of .dynsym that others could bind to).
std::vector<std::string> exported_symbols(void* library);

}  // namespace bw::panel
