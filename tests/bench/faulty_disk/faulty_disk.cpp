// SPDX-License-Identifier: Apache-2.0
// A disk that misbehaves, under SQLite: loaded before a program (LD_PRELOAD) or linked into one, it
// becomes SQLite's file system over the real one. What it does stands in the file that
// BEACONWALL_FAULTY_DISK names, read anew at each write and sync:
//   well, full, read-only, errors   each write fails so
//   short                           half of each write is written, then it fails
//   hang                            writes and syncs do not return
//   flaky                           one of fifty writes fails, is short, or its sync does
//   scarce                          one of twenty writes finds no room
//   third                           each third write finds no room
//   third-errors                    each third write fails
//   size-N                          no file finds room behind its first N bytes
//   forget                          one sync fails, and what was written since the last is lost, as
//                                   from a kernel's memory; then FILE.forgot is there, and all well
//   main-MODE                       that, of a database's own file; its log is well
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <string>

/// How often a database was opened for writing.
std::atomic<int> faulty_disk_opened{0};
/// How often something was to be written.
std::atomic<int> faulty_disk_writes{0};

namespace {

/// What stood where, before it was written over and not synced yet.
using Before = std::map<sqlite3_int64, std::string>;

struct File {
    sqlite3_file base;
    sqlite3_file* real;  // behind it
    Before* before;      // of a database's own file
};

sqlite3_vfs* real_vfs = nullptr;

sqlite3_file* real_of(sqlite3_file* file) {
    return reinterpret_cast<File*>(file)->real;
}

std::string read_mode() {
    const char* path = std::getenv("BEACONWALL_FAULTY_DISK");
    std::string mode = "well";
    if (path != nullptr) std::ifstream(path) >> mode;
    return mode;
}

Before* before_of(sqlite3_file* file) {
    return reinterpret_cast<File*>(file)->before;
}

std::string forgot_file() {
    return std::string(std::getenv("BEACONWALL_FAULTY_DISK")) + ".forgot";
}

std::string mode_of(sqlite3_file* file) {
    const std::string mode = read_mode(), main = "main-";
    if (mode.rfind(main, 0) != 0) return mode;
    return before_of(file) != nullptr ? mode.substr(main.size()) : "well";
}

std::string mode_now(sqlite3_file* file) {
    std::string mode = mode_of(file);
    while (mode == "hang") {
        ::usleep(2000);
        mode = mode_of(file);
    }
    if (mode != "flaky" && mode != "scarce") return mode;
    thread_local std::mt19937 chance{std::random_device{}()};
    if (mode == "scarce") return chance() % 20 == 0 ? "full" : "well";
    const auto drawn = chance() % 150;
    return drawn == 0 ? "short" : drawn == 1 ? "errors" : drawn == 2 ? "full" : "well";
}

bool is_third(const std::string& mode) {
    return mode == "third" || mode == "third-errors";
}

int failure(const std::string& mode) {
    if (mode == "full") return SQLITE_FULL;
    if (mode == "read-only") return SQLITE_READONLY;
    return SQLITE_IOERR_WRITE;
}

void note_before(sqlite3_file* file, int size, sqlite3_int64 offset) {
    Before* before = before_of(file);
    if (before == nullptr || before->count(offset) != 0) return;
    std::string bytes(static_cast<size_t>(size), '\0');  // behind the end SQLite reads zeros
    (void)real_of(file)->pMethods->xRead(real_of(file), bytes.data(), size, offset);
    before->emplace(offset, std::move(bytes));
}

/// Whether it did: once, and not a file that is no database's.
bool forgets(sqlite3_file* file) {
    sqlite3_file* real = real_of(file);
    if (before_of(file) == nullptr || std::ifstream(forgot_file()).good()) return false;
    for (const auto& [offset, bytes] : *before_of(file))
        (void)real->pMethods->xWrite(real, bytes.data(), static_cast<int>(bytes.size()), offset);
    std::ofstream(forgot_file()) << "once\n";
    return true;
}

/// Those of writes alone, to `end`.
std::string of_write(const std::string& mode, sqlite3_int64 end) {
    thread_local int count = 0;
    if (is_third(mode)) return ++count % 3 != 0 ? "well" : mode == "third" ? "full" : "errors";
    if (mode.rfind("size-", 0) != 0) return mode;
    return end <= std::atoll(mode.c_str() + sizeof("size")) ? "well" : "full";
}

int do_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    ++faulty_disk_writes;
    const std::string mode = of_write(mode_now(file), offset + size);
    sqlite3_file* real = real_of(file);
    note_before(file, size, offset);
    if (mode == "well" || mode == "forget")
        return real->pMethods->xWrite(real, bytes, size, offset);
    if (mode == "short") (void)real->pMethods->xWrite(real, bytes, size / 2, offset);
    return failure(mode);
}

int do_sync(sqlite3_file* file, int flags) {
    const std::string mode = mode_now(file);
    sqlite3_file* real = real_of(file);
    const bool forgot = mode == "forget" && forgets(file);
    const bool takes = mode == "well" || is_third(mode) || mode.rfind("size-", 0) == 0 ||
                       mode == "short" || (mode == "forget" && !forgot);
    const bool synced = takes && real->pMethods->xSync(real, flags) == SQLITE_OK;
    if (before_of(file) != nullptr && (synced || forgot)) before_of(file)->clear();
    return synced ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int do_close(sqlite3_file* file) {
    sqlite3_file* real = real_of(file);
    delete before_of(file);
    return real->pMethods != nullptr ? real->pMethods->xClose(real) : SQLITE_OK;
}

// The rest is the real one's.
int do_read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
    return real_of(file)->pMethods->xRead(real_of(file), into, size, offset);
}
int do_truncate(sqlite3_file* file, sqlite3_int64 size) {
    const std::string mode = mode_now(file);
    if (mode != "well" && mode != "short" && mode != "forget") return SQLITE_IOERR_TRUNCATE;
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}
int do_size(sqlite3_file* file, sqlite3_int64* size) {
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}
int do_lock(sqlite3_file* file, int level) {
    return real_of(file)->pMethods->xLock(real_of(file), level);
}
int do_unlock(sqlite3_file* file, int level) {
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
int do_check(sqlite3_file* file, int* out) {
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}
int do_control(sqlite3_file* file, int op, void* arg) {
    return real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}
int do_sector(sqlite3_file* file) {
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}
int do_device(sqlite3_file* file) {
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}
int do_shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}
int do_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}
void do_shm_barrier(sqlite3_file* file) {
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}
int do_shm_unmap(sqlite3_file* file, int remove) {
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

// Version 2: without memory mapping, so that every write is seen here.
constexpr sqlite3_io_methods kMethods = {
    2,           do_close,       do_read,      do_write,   do_truncate, do_sync,   do_size,
    do_lock,     do_unlock,      do_check,     do_control, do_sector,   do_device, do_shm_map,
    do_shm_lock, do_shm_barrier, do_shm_unmap, nullptr,    nullptr};

int do_open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* out) {
    constexpr int kWritten = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READWRITE;
    if ((flags & kWritten) == kWritten) ++faulty_disk_opened;
    auto* ours = reinterpret_cast<File*>(file);
    ours->real = reinterpret_cast<sqlite3_file*>(ours + 1);
    std::memset(ours->real, 0, static_cast<size_t>(real_vfs->szOsFile));
    const int result = real_vfs->xOpen(real_vfs, name, ours->real, flags, out);
    const bool opened = ours->real->pMethods != nullptr;
    ours->base.pMethods = opened ? &kMethods : nullptr;
    ours->before = opened && (flags & SQLITE_OPEN_MAIN_DB) != 0 ? new Before : nullptr;
    return result;
}

sqlite3_vfs faulty;

__attribute__((constructor)) void take_over() {
    sqlite3_initialize();
    real_vfs = sqlite3_vfs_find(nullptr);
    faulty = *real_vfs;
    faulty.zName = "faulty";
    faulty.pNext = nullptr;
    faulty.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
    faulty.xOpen = do_open;
    sqlite3_vfs_register(&faulty, 1);
}

}  // namespace
