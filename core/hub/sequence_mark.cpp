// SPDX-License-Identifier: Apache-2.0
#include "core/hub/sequence_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <string>

#include "core/base/unique_fd.h"

namespace bw::hub {

namespace {
// How far ahead the mark stands: one small write in so many durable events.
constexpr uint64_t kAhead = 100'000;

base::Error failed(const std::string& what) {
    base::Error error = base::errno_error(what);
    if (errno == ENOSPC || errno == EDQUOT) error.code = "full";
    if (errno == EROFS) error.code = "read-only";
    return error;
}
}  // namespace

SequenceMark::SequenceMark(const std::filesystem::path& folder)
    : file_(folder / "journal.sequence"), mark_(read()) {}

uint64_t SequenceMark::read() const {
    uint64_t mark = 0;
    std::ifstream(file_) >> mark;
    return mark;
}

base::Status SequenceMark::cover(uint64_t sequence) {
    if (sequence < mark_) return {};
    const uint64_t mark = sequence + kAhead;
    if (const auto written = write(mark); !written) return written;
    mark_ = mark;
    return {};
}

// Whole or not at all: written beside, renamed.
base::Status SequenceMark::write(uint64_t mark) const {
    const std::string part = file_.string() + ".part", text = std::to_string(mark) + "\n";
    const base::UniqueFd fd(::open(part.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600));
    if (!fd.valid()) return failed("writing " + part);
    if (::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(fd.get()) != 0 || ::rename(part.c_str(), file_.c_str()) != 0) {
        const base::Error error = failed("writing " + part);
        ::unlink(part.c_str());
        return error;
    }
    return {};
}

}  // namespace bw::hub
