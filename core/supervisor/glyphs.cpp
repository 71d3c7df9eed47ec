// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/glyphs.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <csignal>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/supervisor/spawn.h"

namespace bw::supervisor {
namespace {

namespace fs = std::filesystem;
using base::Error;

constexpr int kBakeLimitMs = 120'000;

/// An atlas older than its baker may have another format.
bool fits(const fs::path& atlas, const fs::path& baker) {
    std::error_code error;
    const auto baked = fs::last_write_time(atlas, error);
    if (error || fs::file_size(atlas, error) == 0 || error) return false;
    const auto built = fs::last_write_time(baker, error);
    return error || baked >= built;
}

base::Status bake(const fs::path& atlas, const fs::path& baker, double scale, int stop_fd) {
    const fs::path next = atlas.string() + ".new";
    Command command;
    command.words = {baker.string(), next.string(), fmt::format("{}", scale)};
    command.parent_death_signal = SIGKILL;
    auto child = spawn(command);
    if (!child) return child.error();
    pollfd waits[2] = {{child->pidfd.get(), POLLIN, 0}, {stop_fd, POLLIN, 0}};
    const int woken = poll(waits, 2, kBakeLimitMs);
    const bool ended = (waits[0].revents & POLLIN) != 0;
    if (!ended) kill(-child->pid, SIGKILL);
    const std::string how = reap(child->pid);
    if (!ended && woken > 0) return Error{"stopped", "asked to stop while baking glyphs"};
    if (!ended) return Error{"timeout", "baking the glyph atlas took longer than 2 minutes"};
    if (how != "exit 0")
        return Error{"system", baker.string() + " could not bake the glyph atlas (" + how + ")"};
    std::error_code error;
    fs::rename(next, atlas, error);
    if (error) return Error{"system", "glyph atlas: " + error.message()};
    return {};
}

}  // namespace

base::Result<base::UniqueFd> sealed_copy(const fs::path& file) {
    const base::UniqueFd in(open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in.valid()) return base::errno_error(file.string());
    struct stat info {};
    if (fstat(in.get(), &info) != 0) return base::errno_error(file.string());
    const base::UniqueFd out(memfd_create("bw-glyphs", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!out.valid()) return base::errno_error("memfd_create");
    off_t done = 0;
    while (done < info.st_size)
        if (sendfile(out.get(), in.get(), &done, static_cast<size_t>(info.st_size - done)) <= 0)
            return base::errno_error("copying " + file.string());
    const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    if (fcntl(out.get(), F_ADD_SEALS, seals) != 0) return base::errno_error("F_ADD_SEALS");
    // Kernels before 6.7 map write-sealed memory shared only through a descriptor opened read-only.
    base::UniqueFd readable(
        open(fmt::format("/proc/self/fd/{}", out.get()).c_str(), O_RDONLY | O_CLOEXEC));
    if (!readable.valid()) return base::errno_error("reopening the glyph atlas");
    return readable;
}

base::Result<base::UniqueFd> open_glyphs(const Orders& orders, int stop_fd) {
    const fs::path baker = base::role_program("glyphs");
    const std::string name = fmt::format("glyphs-{:.4f}.atlas", orders.plan.glyph_scale);
    const fs::path atlas = orders.state_dir / name;
    if (fits(atlas, baker)) return sealed_copy(atlas);
    base::log_info("baking the glyph atlas (once)");
    auto baked = bake(atlas, baker, orders.plan.glyph_scale, stop_fd);
    if (baked) return sealed_copy(atlas);
    if (baked.error().code == "stopped") return baked.error();
    // A full disk must not keep a wall from starting: the run directory lies in memory as a rule.
    const fs::path spare = orders.run_dir / name;
    base::log_warning("{}; trying again in {}", baked.error().text, orders.run_dir.string());
    baked = bake(spare, baker, orders.plan.glyph_scale, stop_fd);
    if (!baked) return baked.error();
    auto copy = sealed_copy(spare);
    std::error_code error;
    fs::remove(spare, error);
    return copy;
}

}  // namespace bw::supervisor
