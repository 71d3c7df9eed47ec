// SPDX-License-Identifier: Apache-2.0
#include "core/hub/patient_writes.h"

#include <sqlite3.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::hub {

namespace {

constexpr int64_t kTellEveryNs = 60 * base::kSecond;

/// What the file could do before, and all of that but the writing.
struct Patient {
    sqlite3_io_methods methods;  // first: of a file SQLite has a pointer to this
    const sqlite3_io_methods* real;
};

thread_local Repeat repeat;

/// That it was needed must not stay hidden: a disk begins to die like this.
void tell_repeated() {
    static std::atomic<int64_t> told_ns{0};
    static std::atomic<uint64_t> repeated{0};
    const int64_t now = base::mono_ns();
    int64_t before = told_ns;
    ++repeated;
    if (before != 0 && now - before < kTellEveryNs) return;
    if (told_ns.compare_exchange_strong(before, now))
        base::log_warning(
            "the journal's disk took a page only when it was written again ({} times until now): "
            "look after the disk, and make room on it",
            repeated.load());
}

int write_again(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    const auto* real = reinterpret_cast<const Patient*>(file->pMethods)->real;
    int result = SQLITE_OK, before = SQLITE_OK;
    const int64_t until_ns = base::mono_ns() + kWriteTriesNs;
    for (int i = 0; i == 0 || (i < kWriteTries && base::mono_ns() < until_ns); ++i) {
        result = real->xWrite(file, bytes, size, offset);
        const int kind = result & 0xFF;
        if (kind == SQLITE_OK && i > 0) {
            repeat = {base::mono_ns(), before == SQLITE_FULL};
            tell_repeated();
        }
        if (kind != SQLITE_IOERR && kind != SQLITE_FULL) break;
        before = kind;
    }
    return result;
}

/// One for all files of a kind, and never given back: whoever has a journal open when the process
/// ends closes it after what is static here would be gone.
const sqlite3_io_methods* patient(const sqlite3_io_methods* real) {
    using All = std::map<const sqlite3_io_methods*, std::unique_ptr<Patient>>;
    static std::mutex mutex;
    static All& all = *new All;
    const std::lock_guard lock(mutex);
    std::unique_ptr<Patient>& one = all[real];
    if (!one) {
        one = std::make_unique<Patient>(Patient{*real, real});
        one->methods.xWrite = write_again;
    }
    return &one->methods;
}

}  // namespace

Repeat last_repeat() {
    return repeat;
}

void write_patiently(sqlite3* connection) {
    for (const int which : {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER}) {
        sqlite3_file* file = nullptr;
        if (sqlite3_file_control(connection, "main", which, &file) != SQLITE_OK ||
            file == nullptr || file->pMethods == nullptr || file->pMethods->xWrite == write_again)
            continue;
        file->pMethods = patient(file->pMethods);
    }
}

}  // namespace bw::hub
