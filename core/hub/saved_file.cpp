// SPDX-License-Identifier: Apache-2.0
#include "core/hub/saved_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/base/ids.h"
#include "core/base/unique_fd.h"
#include "core/hub/disk_advice.h"

namespace bw::hub {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "saved-";
constexpr std::string_view kSeal = "# 校验 seal ";

std::string digest(std::string_view text) {
    uint64_t hash = 14695981039346656037U;  // FNV-1a: against haste, not against malice
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return fmt::format("{:016x}", hash);
}

base::Error system(const fs::path& path, const std::string& file, const char* what) {
    const std::string advice = disk_advice(errno, path.parent_path().string());
    const std::string why = std::strerror(errno);
    return {"system", fmt::format("{} was not saved: {}: {}; what is on air has not changed: {}, "
                                  "then save again",
                                  file, what, why, advice)};
}

base::Error conflict(const std::string& file) {
    return {"conflict", file +
                            " was written or changed by a person and stays as it is: save under "
                            "another name, or remove it first"};
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(fd, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        text.remove_prefix(static_cast<size_t>(n));
    }
    return ::fsync(fd) == 0;
}

}  // namespace

std::string sealed(std::string text) {
    const std::string seal = digest(text);
    return std::move(text) + "\n" + std::string(kSeal) + seal + "\n";
}

bool is_sealed(std::string_view content) {
    const size_t at = content.rfind(kSeal);
    if (at == std::string_view::npos || at == 0) return false;
    const std::string_view text = content.substr(0, at - 1);
    return content == sealed(std::string(text));
}

base::Status write_saved(const fs::path& site, const std::string& name, const std::string& text) {
    if (name.rfind(kPrefix, 0) != 0 || name.size() == kPrefix.size() || !base::is_safe_name(name))
        return base::Error{"invalid", "no name of a saved layout: " + name};
    const std::string file = "layouts/" + name + ".toml";
    const fs::path path = site / file, part = site / "layouts" / ("." + name + ".toml.part");
    std::ifstream old(path, std::ios::binary);
    const bool replace = old.is_open();
    if (replace) {
        std::stringstream content;
        content << old.rdbuf();
        if (!is_sealed(content.str())) return conflict(file);
    }
    const base::UniqueFd out(
        ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!out.valid()) return system(path, file, "opening");
    const bool written = write_all(out.get(), sealed(text));
    // Without `replace` there was nothing: what has come since is somebody's.
    if (written && ::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, path.c_str(),
                               replace ? 0 : RENAME_NOREPLACE) == 0) {
        const base::UniqueFd folder(::open(path.parent_path().c_str(), O_RDONLY | O_CLOEXEC));
        if (folder.valid()) ::fsync(folder.get());
        return {};
    }
    const base::Error error = written && errno == EEXIST
                                  ? conflict(file)
                                  : system(path, file, written ? "renaming" : "writing");
    ::unlink(part.c_str());
    return error;
}

}  // namespace bw::hub
