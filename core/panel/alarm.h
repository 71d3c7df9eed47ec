// SPDX-License-Identifier: Apache-2.0
// Tells the wall from within, from a signal handler, what the plugin's thread cannot tell any more:
// that a call into the plugin does not come back, and that the process is about to die. What it
// says may be prevented by a hostile plugin; beats and the process's end cannot.
#pragma once

#include <cstdint>

#include "core/surface/layout.h"

namespace bw::panel::alarm {

/// A call that has taken this long, and this much of a processor, has not come back. One that only
/// waits (a deadlock, or a machine that gives it no time) is given longer.
inline constexpr int64_t kBusyNs = 150'000'000, kBusyCpuNs = 80'000'000, kWaitingNs = 600'000'000;

/// Once, on the thread that calls the plugin, before the process is closed in. `control_fd`: the
/// supervisor's socket. `crashes`: also catch the signals that kill (a sanitizer catches its own).
void install(int control_fd, bool crashes);

/// The compositor's socket; -1: none.
void set_link(int fd);
/// A surface whose tile is marked; null takes `surface` away.
void watch(uint32_t surface, bw::surface::Block* block);

/// Stands around a call into the plugin.
class Call {
  public:
    Call();
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
};

/// The loop is about to wait: no call is made until it turns again.
void rest();

}  // namespace bw::panel::alarm
