// SPDX-License-Identifier: Apache-2.0
// What other machines say, and what becomes of those that say too much or nothing.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/events/json.h"
#include "core/hub/hub.h"

namespace bw::hub {

using nlohmann::json;

namespace {

constexpr int64_t kLookNs = base::kSecond;

}  // namespace

void Hub::read_remote() {
    remote_.work();
    Remote::Said said;
    const int64_t until = base::mono_ns() + kTurnNs;
    for (int i = 0; i < kMessagesPerTurn && base::mono_ns() < until; ++i) {
        if (!remote_.receive(said)) return;
        if (said.verdict == Remote::Verdict::cut)
            cut_remote(said.route, said.origin.key, "you sent " + remote_.limit_text());
        else if (said.verdict == Remote::Verdict::tell)
            refuse_remote(said);
        else
            hear_remote(said);
    }
}

// A snapshot of all there is takes one message and much of the loop's time.
void Hub::hear_remote(const Remote::Said& said) {
    const int64_t began = base::mono_ns();
    handle(said.route, said.frames, said.origin);
    remote_.spend(said.origin.key, base::mono_ns() - began);
}

void Hub::refuse_remote(const Remote::Said& said) {
    json body;
    if (said.frames.size() > 1 && said.frames[1].size() <= events::kMaxEventBytes)
        events::read_json(said.frames[1], body);
    reply(said.route, body.is_object() ? events::text_of(body, "id") : "",
          refusal("full", "you send " + remote_.limit_text() +
                              "; what is above that is refused, and soon you are cut off"));
}

void Hub::cut_remote(const std::string& route, const std::string& key, const std::string& why) {
    uint64_t missed = 0;
    if (Peer* peer = peers_.find(route)) {
        missed = peer->waiting() + peer->missed;
        base::log_warning("{} is cut off: {}", peer->name, why);
    }
    remote_.note_cut(key, why, missed);
    goodbye(route, why.c_str());
    peers_.drop(route, "it was cut off");
    remote_.end(route);
}

// Each sends a beat a second; who does not neither reads nor goes away by itself.
void Hub::look_at_remote(int64_t now) {
    remote_.tick(now);
    if (now < look_remote_ns_) return;
    look_remote_ns_ = now + kLookNs;
    std::vector<std::pair<std::string, std::string>> silent;
    peers_.each([&](const Peer& peer) {
        if (!peer.key.empty() && now - peer.heard_ns > Remote::kSilentNs)
            silent.emplace_back(peer.route, peer.key);
    });
    for (const auto& [route, key] : silent)
        cut_remote(route, key,
                   fmt::format("you said nothing for {} s", Remote::kSilentNs / base::kSecond));
}

}  // namespace bw::hub
