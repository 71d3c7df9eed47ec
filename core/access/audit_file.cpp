// SPDX-License-Identifier: Apache-2.0
#include "core/access/audit_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "core/access/write_all.h"
#include "core/base/clock.h"

namespace bw::access {
namespace {

namespace fs = std::filesystem;

fs::path current(const fs::path& folder) {
    return folder / "audit.jsonl";
}

}  // namespace

std::vector<fs::path> audit_files(const fs::path& state_dir) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator at(state_dir, error), end; !error && at != end;
         at.increment(error)) {
        const std::string name = at->path().filename().string();
        const bool rotated = name.size() == 18 && name.rfind("audit.", 0) == 0 &&
                             name.compare(12, 6, ".jsonl") == 0 &&
                             name.find_first_not_of("0123456789", 6) == 12;
        if (rotated) files.push_back(at->path());
    }
    std::sort(files.begin(), files.end());
    if (fs::exists(current(state_dir), error)) files.push_back(current(state_dir));
    return files;
}

fs::path audit_head_file(const fs::path& state_dir) {
    return state_dir / "audit.head";
}

void each_line(const fs::path& file, const VisitLine& visit) {
    std::ifstream in(file, std::ios::binary);
    std::string text;
    while (std::getline(in, text))
        if (!visit(text, !in.eof())) return;
}

base::Status AuditFile::append(const std::vector<AuditEntry>& entries) {
    if (!fd_.valid())
        if (const auto opened = open(); !opened) return opened;
    if (static_cast<uintmax_t>(size_) >= rotate_bytes_)
        if (const auto rotated = rotate(); !rotated) return rotated;
    uint64_t n = n_;
    std::string head = head_, text;
    const auto add = [&](const AuditEntry& entry) {
        AuditLine line = make_line(++n, entry, head);
        text += line.text + '\n';
        head = std::move(line.hash);
    };
    if (torn_bytes_ > 0)
        add({base::wall_ns(), "hub", "", "audit", "", "", true,
             fmt::format("{} bytes of an unfinished line were here", torn_bytes_)});
    for (const AuditEntry& entry : entries) add(entry);
    if (!write_all(fd_.get(), text) || ::fdatasync(fd_.get()) != 0) {
        const base::Error error = base::errno_error(current(folder_).string());
        // Half a line must not stand before the next whole one.
        if (::ftruncate(fd_.get(), size_) != 0) fd_.reset();
        return error;
    }
    size_ += static_cast<int64_t>(text.size());
    n_ = n, head_ = std::move(head), torn_bytes_ = 0;
    return write_head();
}

base::Status AuditFile::open() {
    if (const auto found = find_end(); !found) return found;
    const fs::path file = current(folder_);
    base::UniqueFd fd(
        ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    struct stat status {};
    if (!fd.valid() || ::fstat(fd.get(), &status) != 0) return base::errno_error(file.string());
    if (torn_bytes_ > 0) {
        const auto whole = status.st_size - static_cast<int64_t>(torn_bytes_);
        if (::ftruncate(fd.get(), whole) != 0) return base::errno_error(file.string());
        status.st_size = whole;
    }
    size_ = status.st_size;
    fd_ = std::move(fd);
    return {};
}

/// The newest line that is one. What stands behind it and is none stays: it is for verifying to
/// find, unless it is the unfinished last one.
base::Status AuditFile::find_end() {
    n_ = 0, head_ = kNoHash, torn_bytes_ = 0;
    auto files = audit_files(folder_);
    std::reverse(files.begin(), files.end());
    for (const fs::path& file : files) {
        each_line(file, [&](const std::string& text, bool whole) {
            if (!whole) {
                if (file == current(folder_)) torn_bytes_ = text.size();
                return false;
            }
            if (auto line = read_line(text)) n_ = line->n, head_ = std::move(line->hash);
            return true;
        });
        if (n_ != 0) return {};
    }
    return {};
}

base::Status AuditFile::rotate() {
    const auto files = audit_files(folder_);
    // Of the newest that was rotated; files are never reused, also when old ones were moved away.
    unsigned long number = 0;
    if (files.size() > 1)
        number = std::stoul(files[files.size() - 2].filename().string().substr(6, 6));
    const fs::path to = folder_ / fmt::format("audit.{:06}.jsonl", number + 1);
    if (::rename(current(folder_).c_str(), to.c_str()) != 0) return base::errno_error(to.string());
    fd_.reset();
    const fs::path file = current(folder_);
    fd_.reset(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd_.valid()) return base::errno_error(file.string());
    size_ = 0;
    const base::UniqueFd dir(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (dir.valid()) ::fsync(dir.get());
    return {};
}

/// A failure is not one of the lines: they are on the disk, and the next line writes it again.
base::Status AuditFile::write_head() const {
    const fs::path part = folder_ / ".audit.head.part";
    const base::UniqueFd fd(
        ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    const bool written = fd.valid() && write_all(fd.get(), fmt::format("{} {}\n", n_, head_));
    if (!written || ::rename(part.c_str(), audit_head_file(folder_).c_str()) != 0)
        ::unlink(part.c_str());
    return {};
}

}  // namespace bw::access
