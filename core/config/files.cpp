// SPDX-License-Identifier: Apache-2.0
// Reading a file, and the checks on the texts and names in it.
#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/base/ids.h"
#include "core/config/reader.h"

namespace bw::config {
namespace {

constexpr uintmax_t kMaxFileBytes = 1 << 20;
constexpr size_t kMaxTextBytes = 1024;

}  // namespace

bool check_text(Report& report, const Node& node, std::string_view what) {
    if (node.text.size() > kMaxTextBytes) {
        report.add(fault::bad_text, node.place,
                   fmt::format("found {} bytes as `{}`; allowed: at most {}", node.text.size(),
                               what, kMaxTextBytes));
        return false;
    }
    for (const char c : node.text) {
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) continue;
        report.add(fault::bad_text, node.place,
                   fmt::format("found a control character (0x{:02x}) in `{}`; allowed: one line of "
                               "printable text",
                               static_cast<unsigned char>(c), what));
        return false;
    }
    return true;
}

bool check_name(Report& report, const Node& node, std::string_view what, size_t longest) {
    if (node.text.size() <= longest && base::is_safe_name(node.text)) return true;
    report.add(fault::unsafe_name, node.place,
               fmt::format("found {} as `{}`; allowed: letters A-Z a-z, digits, '-', '_', '.', not "
                           "first a '.', 1 to {} of them",
                           report.show(node.text), what, longest));
    return false;
}

std::optional<Node> read_toml(const std::filesystem::path& path, Report& report,
                              IfAbsent if_absent) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status) && if_absent == IfAbsent::nothing) return std::nullopt;
    if (!std::filesystem::is_regular_file(status)) {
        report.add(fault::unreadable, {}, "found no readable file here; a TOML file is expected");
        return std::nullopt;
    }
    const uintmax_t size = std::filesystem::file_size(path, error);
    if (!error && size > kMaxFileBytes) {
        report.add(fault::too_large, {},
                   fmt::format("found {} bytes; allowed: at most {}", size, kMaxFileBytes));
        return std::nullopt;
    }
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    if (!in) {
        report.add(fault::unreadable, {},
                   fmt::format("cannot be read: {}", std::strerror(errno)));  // NOLINT
        return std::nullopt;
    }
    Parsed parsed = parse_toml(bytes.str());
    if (parsed.ok) return std::move(parsed.root);
    report.add(fault::syntax, parsed.place,
               report.secret() ? "no valid TOML here (what was found is not repeated, it may be a "
                                 "secret)"
                               : "no valid TOML: " + parsed.text);
    return std::nullopt;
}

}  // namespace bw::config
