// SPDX-License-Identifier: Apache-2.0
// What all file readers share: collecting faults, and reading a table key by key so that every
// unknown key, wrong type and impossible number becomes a fault with its place. Reading goes on
// after a fault, with the fallback.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/faults.h"
#include "core/config/node.h"
#include "core/config/site.h"

namespace bw::config {

/// Collects the faults of one file.
class Report {
  public:
    Report(std::vector<Fault>& out, std::string file) : out_(out), file_(std::move(file)) {}
    void add(fault::Number number, Place place, std::string text);
    [[nodiscard]] const std::string& file() const { return file_; }
    /// Faults so far, of all files.
    [[nodiscard]] size_t count() const { return out_.size(); }
    /// A file of secrets: its faults never quote what they found.
    void keep_values_secret() { secret_ = true; }
    [[nodiscard]] bool secret() const { return secret_; }
    /// What was found, in quotes; of a file of secrets only that it was a text.
    [[nodiscard]] std::string show(std::string_view found) const;

  private:
    std::vector<Fault>& out_;
    std::string file_;
    bool secret_ = false;
};

/// `a, b, c`, and of a typo the nearest: `a, b, c (did you mean b?)`.
std::string allowed_words(const std::vector<std::string>& allowed, std::string_view found);
/// The text in quotes, control characters removed, cut to 60 bytes or so.
std::string in_quotes(std::string_view text);

enum class Need { required, optional };
struct Range {
    double min = 0, max = 0;
};

/// One table. Ask for every key the format knows, then call finish().
class Table {
  public:
    Table(Report& report, const Node& node, std::string what);

    [[nodiscard]] Place place() const { return node_.place; }
    /// The place of a key's value, or the table's.
    [[nodiscard]] Place place_of(std::string_view key) const;
    const Node* find(std::string_view key, Need need = Need::optional);
    /// As find(), but only of that kind (an integer is a real, too).
    const Node* find(std::string_view key, Node::Kind kind, Need need);

    std::string string(std::string_view key, Need need = Need::optional);
    std::string word(std::string_view key, const std::vector<std::string>& allowed,
                     std::string fallback);
    /// A safe name (base::is_safe_name) of at most `longest` bytes; empty after a fault.
    std::string name(std::string_view key, Need need, size_t longest = 64);
    double number(std::string_view key, Range range, double fallback, Need need = Need::optional);
    int64_t integer(std::string_view key, Range range, int64_t fallback,
                    Need need = Need::optional);
    bool boolean(std::string_view key, bool fallback);
    /// A text in one language, or {zh = …, en = …}.
    Text text(std::string_view key);
    /// Each item with its place.
    std::vector<const Node*> strings(std::string_view key, Need need = Need::optional);
    std::vector<const Node*> tables(std::string_view key);
    /// Every key that nobody asked for is a fault.
    void finish();

  private:
    std::optional<double> ranged(const Node& node, std::string_view key, Range range);

    Report& report_;
    const Node& node_;
    std::string what_;
    std::set<std::string, std::less<>> known_;
};

/// A text a person reads: valid for one line of the wall. Adds bad_text if it is not.
bool check_text(Report& report, const Node& node, std::string_view what);
/// Adds unsafe_name if `node` is no safe name of at most `longest` bytes.
bool check_name(Report& report, const Node& node, std::string_view what, size_t longest = 64);

enum class IfAbsent { fault, nothing };
/// Reads and parses; nothing after a fault, or if the file is absent and may be.
std::optional<Node> read_toml(const std::filesystem::path& path, Report& report,
                              IfAbsent if_absent);

}  // namespace bw::config
