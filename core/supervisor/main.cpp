// SPDX-License-Identifier: Apache-2.0
// libexec/beaconwall-supervisor: started by `beaconwall run`, parent of every other process.
#include <sys/signalfd.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdio>

#include "core/base/log.h"
#include "core/base/shm.h"
#include "core/supervisor/glyphs.h"
#include "core/supervisor/supervisor.h"

namespace {

using namespace bw;

constexpr uint64_t kSceneBytes = 2 << 20;

int fail(const base::Error& error) {
    std::fprintf(stderr, "beaconwall: %s\n", error.text.c_str());
    return error.code == "invalid" ? 2 : 1;
}

base::UniqueFd take_signals() {
    signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    for (int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    return base::UniqueFd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int run_wall(const supervisor::Orders& orders, supervisor::RunDirectory& directory, int signals) {
    auto remnants = directory.end_remnants();
    auto glyphs = supervisor::open_glyphs(orders, signals);
    if (!glyphs) return glyphs.error().code == "stopped" ? 0 : fail(glyphs.error());
    auto scene = base::make_sealed_memfd("bw-scene", kSceneBytes);
    if (!scene) return fail(scene.error());
    supervisor::Supervisor supervisor(orders, directory, std::move(*glyphs), std::move(*scene),
                                      std::move(remnants), signals);
    auto ended = supervisor.run();
    return ended ? 0 : fail(ended.error());
}

}  // namespace

int main(int argc, char** argv) {
    base::log_init("supervisor");
    umask(077);
    const base::UniqueFd signals = take_signals();
    auto orders = supervisor::read_orders(argc, argv);
    if (!orders) return fail(orders.error());
    auto directory = supervisor::RunDirectory::open(*orders);
    if (!directory) return fail({"taken", directory.error().text});
    const int code = run_wall(*orders, *directory, signals.get());
    directory->empty();
    return code;
}
