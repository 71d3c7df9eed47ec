// SPDX-License-Identifier: Apache-2.0
// A table for a terminal: columns aligned by what characters take there (Chinese ones take two).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bw::cli {

class TextTable {
  public:
    explicit TextTable(std::vector<std::string> header) { add(std::move(header)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    /// One line per row; columns two apart, nothing after the last.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool empty() const { return rows_.size() < 2; }

  private:
    std::vector<std::vector<std::string>> rows_;
};

/// Terminal columns of UTF-8 text.
size_t columns_of(std::string_view text);

}  // namespace bw::cli
