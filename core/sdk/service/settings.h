// SPDX-License-Identifier: Apache-2.0
// A service's settings: a TOML file of the site, read into what it means. Every fault is told, with
// file, line and what is allowed; a key that nobody asked for is one. One thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bw::sdk {

/// One table of the file. Ask for each key once, then finish(). What is not as it should be is a
/// fault, and the answer then the fallback.
class SettingsTable {
  public:
    [[nodiscard]] bool has(std::string_view key) const;
    std::string text(std::string_view key, std::string_view fallback = {});
    std::string required_text(std::string_view key);
    /// One of `allowed`.
    std::string word(std::string_view key, std::initializer_list<std::string_view> allowed,
                     std::string_view fallback);
    int64_t integer(std::string_view key, int64_t least, int64_t most, int64_t fallback);
    bool flag(std::string_view key, bool fallback);
    std::vector<std::string> texts(std::string_view key);
    /// `key = { name = "text", … }`, in the order of the names.
    std::vector<std::pair<std::string, std::string>> text_map(std::string_view key);
    /// Any table as a JSON object's text; "{}" without one. Times in it are texts.
    std::string json(std::string_view key);
    /// The file that it names, from `folder` on: one that can be read. Empty without the key, and
    /// with a fault.
    std::string file(std::string_view key, const std::string& folder);
    /// The first line of the file that it names, which is its owner's alone (mode 0600): 1 to 4096
    /// bytes without control characters. Empty without the key, and with a fault; a fault has
    /// nothing of the file in it.
    std::string secret(std::string_view key, const std::string& folder);
    /// `[key]`; nothing if there is none.
    std::optional<SettingsTable> table(std::string_view key);
    /// Every `[[key]]`.
    std::vector<SettingsTable> tables(std::string_view key);
    /// A fault where `key` stands (or the table): "found …; allowed: …".
    void fault(std::string_view key, const std::string& text);
    /// Keys that were not asked for are faults.
    void finish();

  private:
    friend class SettingsFile;
    struct Impl;
    std::string path(std::string_view key, const std::string& folder);
    explicit SettingsTable(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

class SettingsFile {
  public:
    /// `name`: as faults name the file. What is no TOML is a fault, and root() empty.
    SettingsFile(std::string_view text, std::string name);
    ~SettingsFile();
    [[nodiscard]] SettingsTable root() const;
    /// In the order of the file's lines.
    [[nodiscard]] std::vector<std::string> faults() const;

  private:
    friend class SettingsTable;
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace bw::sdk
