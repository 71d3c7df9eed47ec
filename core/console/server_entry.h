// SPDX-License-Identifier: Apache-2.0
// What both halves of the server share, beside its class.
#pragma once

#include "core/console/server.h"

namespace bw::console {

struct Server::Entry {
    const char* method;
    const char* path;
    Route route;
    void (Server::*serve)(const Call&, const std::string& path);
    bool open = false;  // also to who is not signed in
};

inline constexpr int kMaxPending = 64;
inline const Refusal kHubAway{503, "hub_away",
                              "The hub does not answer; the supervisor starts it anew."};
inline const Refusal kBusy{503, "busy", "Too many requests wait for an answer; ask again later."};

}  // namespace bw::console
