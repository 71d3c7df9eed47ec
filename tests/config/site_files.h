// SPDX-License-Identifier: Apache-2.0
// Sites and plugins in a temporary folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/config/site.h"

namespace bw::config::test {

using Files = std::map<std::string, std::string>;  // path in the folder → text

/// A folder that is removed at the end.
class TempFolder {
  public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// Whole files with their folders; secrets.toml gets mode 0600.
    void write(const Files& files) const;

  private:
    std::filesystem::path path_;
};

/// Every key of every file, no fault: the plugins "maps" (panels board and list, a service) and
/// "field" (a service alone).
Files full_site();
Files full_plugins();
/// Replaces the only occurrence of `from`; fails the test if there is none or more than one.
void replace(Files& files, const std::string& file, const std::string& from, const std::string& to);

Loaded<std::vector<Plugin>> find(const TempFolder& plugins);
Loaded<Site> load(const Files& site);
std::filesystem::path source_folder();
std::string read_file(const std::filesystem::path& path);
std::string list(const std::vector<Fault>& faults);

}  // namespace bw::config::test
