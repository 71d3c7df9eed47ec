// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bw::config {

/// A text in both languages of the house; one may be empty, then the other stands for it.
struct Text {
    std::string zh, en;
    [[nodiscard]] const std::string& in(std::string_view language) const {
        return (language == "en" ? !en.empty() : zh.empty()) ? en : zh;
    }
    bool operator==(const Text&) const = default;
};

}  // namespace bw::config
