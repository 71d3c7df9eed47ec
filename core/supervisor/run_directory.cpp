// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/run_directory.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/log.h"

namespace bw::supervisor {
namespace {

namespace fs = std::filesystem;
using base::Error;

/// A folder of ours is private from its first moment on. One that others may enter and that holds
/// something was made for something else: /tmp must not become ours by a slip of the hand.
base::Status check_ours(const fs::path& folder, const std::string& advice) {
    struct stat info {};
    std::error_code error;
    if (stat(folder.c_str(), &info) != 0) return base::errno_error(folder.string());
    if (!S_ISDIR(info.st_mode)) return Error{"system", folder.string() + " is no folder" + advice};
    if ((info.st_mode & 077) == 0 || fs::is_empty(folder, error)) return {};
    return Error{"system", folder.string() +
                               " holds files and others may enter it; a wall keeps its sockets and "
                               "records in a folder of its own (mode 0700)" +
                               advice};
}

/// `option`: what names another one; nullptr: it lies in a folder that has been checked.
base::Status make_private(const fs::path& folder, const char* option) {
    const std::string advice =
        option != nullptr ? std::string("; name another one with ") + option : std::string();
    std::error_code error;
    if (!fs::exists(folder, error)) fs::create_directories(folder, error);
    if (error)
        return Error{"system", "cannot make " + folder.string() + ": " + error.message() + advice};
    if (auto s = check_ours(folder, advice); !s) return s;
    if (chmod(folder.c_str(), 0700) != 0 || access(folder.c_str(), W_OK) != 0) {
        const std::string why = base::errno_error(folder.string()).text;
        return Error{"system", "cannot write in " + why + advice};
    }
    return {};
}

bool same_file(int fd, const fs::path& path) {
    struct stat held {
    }, there{};
    return fstat(fd, &held) == 0 && stat(path.c_str(), &there) == 0 &&
           held.st_ino == there.st_ino && held.st_dev == there.st_dev;
}

base::Result<base::UniqueFd> lock(const fs::path& folder) {
    const fs::path path = folder / "lock";
    // A wall that ends removes its lock file: a lock on a file that is no longer there is none.
    for (int attempt = 0; attempt < 10; ++attempt) {
        base::UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        if (!fd.valid()) return base::errno_error(path.string());
        if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
            return Error{"taken", "another wall runs in " + folder.string() +
                                      "; give this one another --run-dir and --state-dir"};
        if (same_file(fd.get(), path)) return fd;
    }
    return Error{"taken", "cannot lock " + path.string()};
}

std::string wire_name(const std::string& plugin, char kind, const std::string& rest) {
    return plugin + "-" + kind + "-" + rest;
}

/// By name, before anything starts: a path that does not fit would only fail much later.
base::Status check_lengths(const fs::path& run_dir, const Plan& plan) {
    const size_t room = sizeof(sockaddr_un::sun_path) - 1;
    std::vector<fs::path> paths = {run_dir / "hub.sock"};
    for (const auto& plugin : plan.plugins)
        paths.push_back(run_dir / "wire" / wire_name(plugin.name, 'p', "9999999-01234567"));
    for (const fs::path& path : paths)
        if (path.string().size() > room)
            return Error{"invalid", "the run directory's name is too long: socket " +
                                        path.string() + " would exceed " + std::to_string(room) +
                                        " bytes"};
    return {};
}

void write_file(const fs::path& path, const std::string& text) {
    const fs::path next = path.string() + ".new";
    {
        std::ofstream out(next, std::ios::trunc);
        out << text;
    }
    std::error_code ignored;
    fs::rename(next, path, ignored);
}

/// Field `number` (from 3) of /proc/PID/stat; empty: no such process.
std::string stat_field(pid_t pid, int number) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string text, field;
    std::getline(in, text);
    const size_t end = text.rfind(')');  // a program's name may hold anything
    if (end == std::string::npos) return {};
    std::istringstream fields(text.substr(end + 1));
    for (int i = 3; i <= number; ++i) fields >> field;
    return field;
}

/// Ends what a dead service of this run directory left in its process group. The environment tells
/// it from strangers who were given the same number later.
void end_orphans(pid_t group, const fs::path& run_dir) {
    const std::string mark = "BEACONWALL_WIRE_PATH=" + run_dir.string() + "/";
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
        const pid_t pid = std::atoi(entry.path().filename().c_str());
        if (pid <= 1 || stat_field(pid, 5) != std::to_string(group)) continue;
        std::ifstream in(entry.path() / "environ");
        std::stringstream text;
        text << in.rdbuf();
        if (text.str().find(mark) != std::string::npos) kill(pid, SIGKILL);
    }
}

bool wait_gone(const Remnant& remnant, int64_t until_ns, uint64_t started) {
    while (start_time(remnant.pid) == started && base::mono_ns() < until_ns) poll(nullptr, 0, 5);
    return start_time(remnant.pid) != started;
}

}  // namespace

uint64_t start_time(pid_t pid) {
    const std::string state = stat_field(pid, 3);
    if (state.empty() || state == "Z" || state == "X") return 0;
    return std::strtoull(stat_field(pid, 22).c_str(), nullptr, 10);
}

base::Result<RunDirectory> RunDirectory::open(const Orders& orders) {
    RunDirectory directory;
    directory.run_dir_ = orders.run_dir;
    if (auto s = check_lengths(orders.run_dir, orders.plan); !s) return s.error();
    if (auto s = make_private(orders.run_dir, "--run-dir"); !s) return s.error();
    if (auto s = make_private(orders.state_dir, "--state-dir"); !s) return s.error();
    auto run_lock = lock(orders.run_dir);
    if (!run_lock) return run_lock.error();
    directory.lock_ = std::move(*run_lock);
    if (orders.state_dir != orders.run_dir) {
        auto state_lock = lock(orders.state_dir);
        if (!state_lock) return state_lock.error();
        directory.state_lock_ = std::move(*state_lock);
    }
    write_file(orders.run_dir / "supervisor.pid", std::to_string(getpid()) + "\n");
    return directory;
}

base::Result<RunDirectory::Wire> RunDirectory::make_wire(const std::string& plugin, char kind,
                                                         uint64_t incarnation) const {
    if (auto s = make_private(run_dir_ / "wire", nullptr); !s) return s.error();
    Wire wire;
    const std::string rest = std::to_string(incarnation) + "-" + base::random_hex(4);
    wire.path = (run_dir_ / "wire" / wire_name(plugin, kind, rest)).string();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (wire.path.size() >= sizeof address.sun_path)
        return Error{"invalid", "socket path is too long: " + wire.path};
    std::memcpy(address.sun_path, wire.path.data(), wire.path.size());
    wire.socket.reset(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!wire.socket.valid()) return base::errno_error("socket");
    if (bind(wire.socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return base::errno_error("bind " + wire.path);
    if (listen(wire.socket.get(), 16) != 0) return base::errno_error("listen " + wire.path);
    return wire;
}

std::vector<Remnant> RunDirectory::end_remnants() const {
    std::vector<Remnant> compositors;
    std::vector<std::pair<Remnant, uint64_t>> ending;
    std::ifstream in(run_dir_ / "processes");
    Remnant remnant;
    uint64_t started = 0;
    while (in >> remnant.pid >> started >> remnant.row_name) {
        if (remnant.pid <= 1 || started == 0) continue;
        if (start_time(remnant.pid) != started) {
            end_orphans(remnant.pid, run_dir_);
            continue;
        }
        if (remnant.row_name.rfind("compositor/", 0) == 0) {
            compositors.push_back(remnant);
            continue;
        }
        base::log_info("ending {} (pid {}), left by a supervisor that was killed", remnant.row_name,
                       remnant.pid);
        kill(-remnant.pid, SIGKILL);
        ending.emplace_back(remnant, started);
    }
    const int64_t until = base::mono_ns() + 2 * base::kSecond;
    for (const auto& [one, when] : ending)
        if (!wait_gone(one, until, when)) base::log_warning("{} does not end", one.row_name);
    std::error_code ignored;
    fs::remove_all(run_dir_ / "wire", ignored);
    fs::remove(run_dir_ / "hub.sock", ignored);
    return compositors;
}

void RunDirectory::note_processes(const std::vector<Remnant>& running) const {
    std::string text;
    for (const Remnant& one : running)
        text += std::to_string(one.pid) + " " + std::to_string(start_time(one.pid)) + " " +
                one.row_name + "\n";
    write_file(run_dir_ / "processes", text);
}

void RunDirectory::empty() {
    std::error_code ignored;
    fs::remove_all(run_dir_ / "wire", ignored);
    std::vector<fs::path> ours;
    for (const auto& entry : fs::directory_iterator(run_dir_, ignored)) {
        // By name: a person may have pointed --run-dir at a folder with more in it.
        const std::string name = entry.path().filename().string();
        for (const char* start : {"hub.", "compositor.", "console.", "supervisor.", "processes"})
            if (name.rfind(start, 0) == 0 && !entry.is_directory(ignored))
                ours.push_back(entry.path());
    }
    for (const auto& path : ours) fs::remove(path, ignored);
    fs::remove(run_dir_ / "lock", ignored);
    lock_.reset();
}

}  // namespace bw::supervisor
