// SPDX-License-Identifier: Apache-2.0
#include "core/console/door.h"

#include <utility>

#include "core/console/api.h"

namespace bw::console {

bool Door::fresh(const std::string& session) const {
    const auto found = known_.find(session);
    return found != known_.end() && base::mono_ns() - found->second < kFreshNs;
}

void Door::ask(const std::string& session, std::function<void(Verdict)> done) {
    const auto told = [this, alive = std::weak_ptr<int>(alive_), session,
                       done = std::move(done)](const events::Reply& reply) {
        if (!alive.expired()) done(heard(session, reply));
    };
    if (!hub_.up()) return told(events::Reply{});
    hub_.request("people", with_session("{}", session), told);
}

Door::Verdict Door::heard(const std::string& session, const events::Reply& reply) {
    const int64_t now = base::mono_ns();
    if (!reply.ok) {
        const auto found = known_.find(session);
        const bool lately = found != known_.end() && now - found->second < kAwayNs;
        return lately ? Verdict::in : Verdict::unknown;
    }
    if (name_of(reply.body).empty()) {
        known_.erase(session);
        return Verdict::out;
    }
    if (known_.size() >= kMaxKnown) known_.clear();
    known_[session] = now;
    return Verdict::in;
}

}  // namespace bw::console
