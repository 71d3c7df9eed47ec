// SPDX-License-Identifier: Apache-2.0
// By hand: std::filesystem::copy() says "Input/output error" of a full disk, and names no file.
#include "core/cli/copy_folder.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "core/base/unique_fd.h"

namespace bw::cli {
namespace {

namespace fs = std::filesystem;

base::Error failed(const fs::path& where, int error) {
    const bool full = error == ENOSPC || error == EDQUOT;
    return {full ? "full" : "system",
            where.string() + ": " + std::generic_category().message(error)};
}

bool write_all(int fd, const char* data, ssize_t size) {
    while (size > 0) {
        const ssize_t written = ::write(fd, data, static_cast<size_t>(size));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        data += written;
        size -= written;
    }
    return true;
}

base::Status copy_one(const fs::path& from, const fs::path& to) {
    const base::UniqueFd in(open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat info {};
    if (!in.valid() || fstat(in.get(), &info) != 0) return failed(from, errno);
    if (!S_ISREG(info.st_mode)) return failed(from, EINVAL);
    const base::UniqueFd out(open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!out.valid()) return failed(to, errno);
    std::vector<char> buffer(1 << 16);
    for (;;) {
        const ssize_t size = ::read(in.get(), buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return failed(from, errno);
        if (size == 0) break;
        if (!write_all(out.get(), buffer.data(), size)) return failed(to, errno);
    }
    if (fchmod(out.get(), info.st_mode & 0777) != 0) return failed(to, errno);
    // Some disks tell only now that they are full.
    if (fsync(out.get()) != 0) return failed(to, errno);
    return {};
}

base::Status copy_entries(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::create_directory(to, from, error);
    if (error) return failed(to, error.value());
    fs::directory_iterator at(from, error);
    for (const fs::directory_iterator end; !error && at != end; at.increment(error)) {
        const fs::path next = to / at->path().filename();
        const bool folder = at->symlink_status().type() == fs::file_type::directory;
        auto copied = folder ? copy_entries(at->path(), next) : copy_one(at->path(), next);
        if (!copied) return copied;
    }
    if (error) return failed(from, error.value());
    return {};
}

uint64_t bytes_below(const fs::path& folder) {
    uint64_t sum = 0;
    std::error_code error, unread;
    fs::recursive_directory_iterator at(folder, error);
    for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error))
        if (at->is_regular_file(unread)) sum += at->file_size(unread);
    return sum;
}

double mib(uint64_t bytes) {
    return static_cast<double>(bytes) / (1 << 20);
}

}  // namespace

base::Status copy_folder(const fs::path& from, const fs::path& to) {
    auto copied = copy_entries(from, to);
    if (copied || copied.error().code != "full") return copied;
    // What this copy has taken is free again once it is removed.
    std::error_code error;
    const auto space = fs::space(to.parent_path(), error);
    const uint64_t needed = bytes_below(from);
    const uint64_t free = error ? 0 : space.available + bytes_below(to);
    return base::Error{"full",
                       fmt::format("no space is left on the disk of {}: {:.1f} MiB are needed, "
                                   "{:.1f} MiB are free; make room there",
                                   to.parent_path().string(), mib(needed), mib(free))};
}

}  // namespace bw::cli
