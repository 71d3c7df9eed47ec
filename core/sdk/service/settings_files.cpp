// SPDX-License-Identifier: Apache-2.0
#include "core/sdk/service/settings_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/unique_fd.h"

namespace bw::sdk {
namespace {

constexpr size_t kMostSecret = 4096;
// A byte order mark in UTF-8, as some editors begin a file with; in numbers, for what stands in a
// string of the kit is for the wall.
constexpr std::array<unsigned char, 3> kMark{0xEF, 0xBB, 0xBF};

struct Opened {
    base::UniqueFd fd;
    struct stat status {};
};

base::Result<Opened> open_file(const std::filesystem::path& file) {
    // Not blocking: a pipe of that name would keep the service until somebody writes.
    Opened out{base::UniqueFd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)), {}};
    if (!out.fd.valid() || ::fstat(out.fd.get(), &out.status) != 0 || !S_ISREG(out.status.st_mode))
        return base::Error{
            "not_found",
            fmt::format("found no file {} that can be read; allowed: one that is there",
                        file.string())};
    return out;
}

std::string first_line(std::string text) {
    text.resize(std::min(text.size(), text.find('\n')));
    const bool marked =
        text.size() >= kMark.size() && std::memcmp(text.data(), kMark.data(), kMark.size()) == 0;
    if (marked) text.erase(0, kMark.size());
    if (!text.empty() && text.back() == '\r') text.pop_back();
    return text;
}

bool is_secret(const std::string& line) {
    const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    return !line.empty() && line.size() <= kMostSecret &&
           std::none_of(line.begin(), line.end(), control);
}

}  // namespace

base::Status readable_file(const std::filesystem::path& file) {
    if (auto opened = open_file(file); !opened) return opened.error();
    return {};
}

base::Result<std::string> read_secret(const std::filesystem::path& file) {
    auto opened = open_file(file);
    if (!opened) return opened.error();
    if ((opened->status.st_mode & 0077) != 0)
        return base::Error{
            "open", fmt::format("found {} with mode {:04o}; allowed: 0600 (chmod "
                                "600 {})",
                                file.string(), opened->status.st_mode & 07777, file.string())};
    std::string text(kMostSecret + 8, '\0');  // the mark, CRLF, and one byte too many
    const ssize_t n = ::read(opened->fd.get(), text.data(), text.size());
    text.resize(n < 0 ? 0 : static_cast<size_t>(n));
    text = first_line(std::move(text));
    if (!is_secret(text))
        return base::Error{"invalid",
                           fmt::format("found no secret in {}; allowed: 1 to {} bytes without "
                                       "control characters in its first line",
                                       file.string(), kMostSecret)};
    return text;
}

}  // namespace bw::sdk
