// SPDX-License-Identifier: Apache-2.0
// Shared by the two ends of a link; not for other folders.
#pragma once

#include <atomic>
#include <initializer_list>

#include "core/surface/link.h"

namespace bw::surface {

static_assert(std::atomic<uint32_t>::is_always_lock_free, "the word is shared between processes");
static_assert(std::atomic<uint64_t>::is_always_lock_free);
static_assert(std::atomic<int64_t>::is_always_lock_free);

/// Keeps the compiler from reading shared memory a second time after a copy was made of it: what
/// was validated must be what is used.
inline void end_of_copy() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

base::Status send_message(int socket, Kind kind, uint32_t surface, int64_t value,
                          std::string_view body);
/// "invalid" for anything but one whole message of the `allowed` kinds about a surface in range.
base::Result<Received> read_message(std::span<const std::byte> packet,
                                    std::initializer_list<Kind> allowed);
/// read_message() of the next packet; "empty", "closed".
base::Result<Received> receive_message(int socket, std::initializer_list<Kind> allowed);

/// Maps the control page and checks its size and magic.
base::Result<base::Mapping> map_page(int fd);
inline ControlPage& page_of(const base::Mapping& mapping) {
    return *reinterpret_cast<ControlPage*>(mapping.data());
}

}  // namespace bw::surface
