// SPDX-License-Identifier: Apache-2.0
// What people are told about the journal's disk: by the writer's thread.
#include <fmt/format.h>

#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/hub/journal_writer.h"
#include "core/hub/patient_writes.h"

namespace bw::hub {

namespace {

size_t file_bytes(const std::filesystem::path& file) {
    std::error_code none;
    const auto size = std::filesystem::file_size(file, none);
    return none ? 0 : size;
}

Disk disk_of(const std::string& code) {
    if (code == disk_code::kFull) return Disk::full;
    if (code == disk_code::kReadOnly) return Disk::read_only;
    if (code == disk_code::kDamaged) return Disk::damaged;
    return Disk::failing;
}

/// While all is kept: what a disk is called that may soon keep nothing. One that failed otherwise,
/// too, stays the worse of the two until it is well, and is not told of with every other write.
Disk not_yet(const std::string& code, Disk before) {
    return code == disk_code::kFull && before != Disk::ailing ? Disk::scarce : Disk::ailing;
}

std::string advice(Disk disk, const std::string& folder) {
    if (disk == Disk::read_only)
        return "make it writable: " + folder +
               " (mount its disk for writing, or see to its owner and permissions)";
    if (disk == Disk::damaged) return "look after the disk of " + folder;
    if (disk == Disk::failing) return "look after the disk of " + folder + ", or make it writable";
    return "make room in " + folder;
}

}  // namespace

std::string held_text(uint64_t log_bytes) {
    return fmt::format(
        "something has been reading the journal for long: its log has grown to {} MiB, and does "
        "until that ends",
        log_bytes / (1024 * 1024));
}

const char* disk_word(Disk disk) {
    constexpr const char* kWords[] = {"well",    "full", "read-only", "failing",
                                      "damaged", "hung", "ailing",    "scarce"};
    return kWords[static_cast<size_t>(disk)];
}

/// What people see: once when it changes.
void JournalWriter::tell(const base::Status& status) {
    const int64_t now_ns = base::mono_ns();
    const auto strained = strain(now_ns);  // whatever the status: it is what the thread wakes for
    const std::string folder = folder_.string();
    if (!status) {
        const base::Error& why = status.error();
        const Disk disk = why.code == kAsBefore ? state().disk : disk_of(why.code);
        return say(disk,
                   fmt::format("{}: nothing more is recorded; {}", why.text, advice(disk, folder)));
    }
    const auto why = checkpoints_.complaint(now_ns);
    if (!why && strained)
        return say(not_yet(strained->code, state().disk),
                   fmt::format("{}: nothing is lost; {}", strained->text,
                               advice(disk_of(strained->code), folder)));
    if (!why) return say(Disk::well, "");
    say(not_yet(why->code, state().disk),
        fmt::format("{}: what is recorded cannot be moved into the journal's file, and its log "
                    "grows; nothing is lost; {}",
                    why->text, advice(disk_of(why->code), folder)));
}

// A disk that takes what it is given only when it is given again is one that begins to fail, and
// people should know it while nothing is lost.
std::optional<base::Error> JournalWriter::strain(int64_t now_ns) {
    const Repeat repeat = last_repeat();
    const bool parts = in_parts_ns_ > repeat.at_ns;
    const int64_t last_ns = parts ? in_parts_ns_ : repeat.at_ns;
    strained_until_ns_ =
        last_ns == 0 || now_ns >= last_ns + kStrainedNs ? 0 : last_ns + kStrainedNs;
    if (strained_until_ns_ == 0) return std::nullopt;
    return base::Error{
        (parts ? in_parts_full_ : repeat.full) ? disk_code::kFull : disk_code::kFailing,
        parts ? "the disk takes what came together only in smaller parts"
              : "the disk takes some of what is written only at another try"};
}

bool JournalWriter::eased() const {
    return strained_until_ns_ != 0 && base::mono_ns() >= strained_until_ns_;
}

/// After a checkpoint: what is known of commits stays.
void JournalWriter::tell_log() {
    if (is_written(state().disk)) tell({});
}

void JournalWriter::say(Disk disk, const std::string& text) {
    const size_t bytes = file_bytes(file_) + file_bytes(file_.string() + "-wal");
    const bool held = checkpoints_.held();
    Disk before = disk;
    bool held_before = false;
    {
        const std::lock_guard lock(mutex_);
        state_.bytes = bytes;
        state_.log_bytes = checkpoints_.log_bytes();
        held_before = std::exchange(state_.log_held, held);
        before = std::exchange(state_.disk, disk);
        if (before != disk) {
            state_.since_ns = base::wall_ns();
            state_.text = text;
        }
    }
    if (held && !held_before) base::log_warning("{}", held_text(checkpoints_.log_bytes()));
    if (before == disk) return;
    if (disk != Disk::well)
        base::log_error("{}", text);
    else
        base::log_info("{}", is_written(before) ? "the journal's file is written again"
                                                : "the journal is written again");
    mailbox_.post([] {});  // the loop looks
}

}  // namespace bw::hub
