// SPDX-License-Identifier: Apache-2.0
// What can still be said of a request that read_json refused. Any thread; nothing is thrown.
#pragma once

#include <string>
#include <string_view>

namespace bw::events {

struct BrokenJson {
    /// The outermost object's member `id`, when it is a text that stands before the fault: its
    /// sender waits for a reply that names it.
    std::string id;
    /// What is wrong, and at which byte, from 0: "at byte 57: …".
    std::string why;
};

/// Of a text that read_json did not take.
BrokenJson look_at_broken(std::string_view text);

}  // namespace bw::events
