// SPDX-License-Identifier: Apache-2.0
// The format: a line "beaconwall space image 1 ROWS CRC" (zlib's CRC-32 of all behind it), then six
// lines a row: "KEPT SEQUENCE REVISION TOMBSTONE RECORDED_NS SPACE", type, subject, source, id, and
// the event. No attribute has a line's end in it, and none is in an event's JSON.
#include "core/hub/space_image.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/base/unique_fd.h"
#include "core/hub/disk_advice.h"

namespace bw::hub {

using nlohmann::json;

namespace {

constexpr const char* kHead = "beaconwall space image 1";

uint32_t crc_of(const std::string& text, size_t from) {
    return static_cast<uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(text.data() + from), text.size() - from));
}

base::Error not_written(const std::filesystem::path& file) {
    // The state folder is what people know: spaces/ is ours.
    const std::string advice = disk_advice(errno, file.parent_path().parent_path().string());
    base::Error error = base::errno_error("writing " + file.string());
    error.text += ": " + advice;
    return error;
}

bool write_all(const base::UniqueFd& fd, const std::string& text) {
    for (size_t done = 0; done < text.size();) {
        const ssize_t n = ::write(fd.get(), text.data() + done, text.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        done += static_cast<size_t>(n);
    }
    return true;
}

bool sync_folder(const std::filesystem::path& path) {
    const base::UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder.valid() && ::fsync(folder.get()) == 0;
}

/// Takes one line of `text` from `at` on; false: there is none.
bool line(const std::string& text, size_t& at, std::string& out) {
    const size_t end = text.find('\n', at);
    if (end == std::string::npos) return false;
    out.assign(text, at, end - at);
    at = end + 1;
    return true;
}

bool read_row(const std::string& text, size_t& at, Stored& row) {
    std::string head;
    int kept = 0, tombstone = 0;
    char space[80] = {};
    if (!line(text, at, head) ||
        std::sscanf(head.c_str(), "%d %" SCNu64 " %" SCNu64 " %d %" SCNd64 " %79s", &kept,
                    &row.sequence, &row.revision, &tombstone, &row.recorded_ns, space) != 6)
        return false;
    row.kept = static_cast<Kept>(kept);
    row.tombstone = tombstone != 0;
    row.copied = true;
    row.space = space;
    return line(text, at, row.type) && line(text, at, row.subject) && line(text, at, row.source) &&
           line(text, at, row.id) && line(text, at, row.json);
}

}  // namespace

StoredPtr in_space(const Stored& row, const std::string& space) {
    auto copy = std::make_shared<Stored>(row);
    copy->space = space;
    copy->copied = true;
    // Members stand in the order of their names, so what comes behind `data` are texts, numbers and
    // booleans, and no text has a quotation mark that is not escaped: the last one is the event's.
    const std::string was = "\"space\":\"" + row.space + "\"";
    const size_t at = copy->json.rfind(was);
    if (at != std::string::npos) {
        copy->json.replace(at, was.size(), "\"space\":\"" + space + "\"");
        return copy;
    }
    json event = json::parse(copy->json, nullptr, false);
    if (event.is_object()) {
        event["space"] = space;
        copy->json = event.dump(-1, ' ', false, json::error_handler_t::replace);
    }
    return copy;
}

std::filesystem::path image_file(const std::filesystem::path& state_dir, const std::string& space) {
    return state_dir / "spaces" / (space + ".image");
}

base::Status write_image(const std::filesystem::path& file, const std::vector<StoredPtr>& rows) {
    std::error_code failed;
    std::filesystem::create_directories(file.parent_path(), failed);
    if (failed) {
        errno = failed.value();
        return not_written(file);
    }
    std::string body;
    size_t bytes = 0;
    for (const StoredPtr& row : rows) bytes += row->json.size() + 256;
    body.reserve(bytes);
    for (const StoredPtr& row : rows)
        fmt::format_to(std::back_inserter(body), "{} {} {} {} {} {}\n{}\n{}\n{}\n{}\n{}\n",
                       static_cast<int>(row->kept), row->sequence, row->revision,
                       row->tombstone ? 1 : 0, row->recorded_ns, row->space, row->type,
                       row->subject, row->source, row->id, row->json);
    const std::string head = fmt::format("{} {} {}\n", kHead, rows.size(), crc_of(body, 0));
    const std::string part = file.string() + ".part";
    const base::UniqueFd fd(::open(part.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600));
    if (!fd.valid()) return not_written(file);
    if (write_all(fd, head) && write_all(fd, body) && ::fsync(fd.get()) == 0 &&
        ::rename(part.c_str(), file.c_str()) == 0 && sync_folder(file.parent_path()))
        return {};
    const base::Error error = not_written(file);
    ::unlink(part.c_str());
    return error;
}

base::Result<std::vector<StoredPtr>> read_image(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const base::Error invalid{"invalid", file.string() + " is not a whole image of a space"};
    size_t at = 0, count = 0;
    uint32_t crc = 0;
    std::string head;
    if (!line(text, at, head) || head.rfind(kHead, 0) != 0 ||
        std::sscanf(head.c_str() + std::char_traits<char>::length(kHead), " %zu %" SCNu32, &count,
                    &crc) != 2 ||
        crc_of(text, at) != crc)
        return invalid;
    std::vector<StoredPtr> rows;
    while (at < text.size()) {
        auto row = std::make_shared<Stored>();
        if (!read_row(text, at, *row)) return invalid;
        rows.push_back(std::move(row));
    }
    if (rows.size() != count) return invalid;
    return rows;
}

void remove_images_but(const std::filesystem::path& state_dir,
                       const std::vector<std::string>& spaces) {
    std::error_code none;
    std::vector<std::filesystem::path> gone;
    for (std::filesystem::directory_iterator at(state_dir / "spaces", none), end;
         !none && at != end; at.increment(none)) {
        const bool wanted = std::any_of(spaces.begin(), spaces.end(), [&](const auto& space) {
            return at->path() == image_file(state_dir, space);
        });
        if (!wanted) gone.push_back(at->path());
    }
    for (const auto& path : gone) std::filesystem::remove(path, none);
}

}  // namespace bw::hub
