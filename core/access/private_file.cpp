// SPDX-License-Identifier: Apache-2.0
#include "core/access/private_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

#include "core/access/write_all.h"
#include "core/base/log.h"

namespace bw::access {
namespace {

namespace fs = std::filesystem;

/// Root writes for a wall that runs as somebody else, who has to be able to read it.
void give_to_owner(int fd, const fs::path& folder) {
    struct stat owner {};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &owner) != 0) return;
    if (::fchown(fd, owner.st_uid, owner.st_gid) != 0)
        base::log_warning("{} stays root's: {}", folder.string(), std::strerror(errno));  // NOLINT
}

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

void sync_folder(const fs::path& folder) {
    const base::UniqueFd dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (dir.valid()) ::fsync(dir.get());
}

/// A new file with `text` in it; nothing is left of it after an error.
base::Status write_new(const fs::path& file, const std::string& text, bool for_owner) {
    const base::UniqueFd out(
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out.valid()) return base::errno_error(file.string());
    if (for_owner) give_to_owner(out.get(), folder_of(file));
    if (write_all(out.get(), text) && ::fsync(out.get()) == 0) return {};
    const base::Error error = base::errno_error(file.string());
    ::unlink(file.c_str());
    return error;
}

}  // namespace

base::Result<base::UniqueFd> lock_file(const fs::path& file) {
    base::UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd.valid()) return base::errno_error(file.string());
    give_to_owner(fd.get(), folder_of(file));
    while (::flock(fd.get(), LOCK_EX) != 0)
        if (errno != EINTR) return base::errno_error(file.string());
    return fd;
}

base::Status replace_private(const fs::path& file, const std::string& text) {
    const fs::path part = folder_of(file) / ("." + file.filename().string() + ".part");
    ::unlink(part.c_str());
    if (const auto written = write_new(part, text, true); !written) return written;
    if (::rename(part.c_str(), file.c_str()) != 0) {
        const base::Error error = base::errno_error(file.string());
        ::unlink(part.c_str());
        return error;
    }
    sync_folder(folder_of(file));
    return {};
}

base::Status create_private(const fs::path& file, const std::string& text) {
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(file, ignored)))
        return base::Error{"conflict", file.string() + " is there already, and stays as it is"};
    if (const auto written = write_new(file, text, false); !written) return written;
    sync_folder(folder_of(file));
    return {};
}

base::Result<std::string> read_small(const fs::path& file, size_t most) {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(file, error))) {
        if (error && error != std::errc::no_such_file_or_directory)
            return base::Error{"system", file.string() + ": " + error.message()};
        return base::Error{"not_found", file.string() + " is not there"};
    }
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    if (!in) return base::errno_error(file.string());
    if (bytes.str().size() > most)
        return base::Error{"invalid",
                           fmt::format("{}: it is larger than {} KiB", file.string(), most / 1024)};
    return bytes.str();
}

}  // namespace bw::access
