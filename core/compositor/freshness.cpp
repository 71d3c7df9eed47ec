// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/freshness.h"

#include <algorithm>

namespace bw::compositor {

using surface::Reason;
using surface::SourceState;

namespace {

constexpr int64_t kStalledNs = 1'000'000'000;
constexpr int64_t kAheadAtMostNs = 1'000'000'000;
constexpr int64_t kForgivenForNs = 2'000'000'000;

bool source_says_lost(SourceState state) {
    return state == SourceState::lost || state == SourceState::failed ||
           state == SourceState::unauthorised;
}

int64_t earlier(int64_t a, int64_t b) {
    return a == 0 ? b : b == 0 ? a : std::min(a, b);
}

// By age alone: what as_of says.
void judge_age(const Vouch& vouch, int64_t now_ns, Verdict& out) {
    if (out.age_ns > kLostAfterNs) {
        out.freshness = Freshness::lost;
        if (out.reason == Reason::none) out.reason = Reason::stalled;
    } else if (out.age_ns > kLateAfterNs || vouch.state == SourceState::late) {
        out.freshness = Freshness::late;
        out.changes_at_ns = vouch.as_of_ns + kLostAfterNs + 1;
    } else {
        out.freshness = Freshness::live;
        out.changes_at_ns = vouch.as_of_ns + kLateAfterNs + 1;
    }
    if (out.changes_at_ns != 0) out.changes_at_ns = std::max(out.changes_at_ns, now_ns + 1);
}

}  // namespace

const char* freshness_word(Freshness freshness) {
    switch (freshness) {
        case Freshness::live:
            return "live";
        case Freshness::late:
            return "late";
        case Freshness::frozen:
            return "frozen";
        case Freshness::lost:
            return "lost";
        case Freshness::starting:
            return "starting";
        case Freshness::error:
            return "error";
        case Freshness::none:
            return "none";
    }
    return "error";
}

Verdict no_recording() {
    Verdict out;
    out.freshness = Freshness::none;
    out.reason = Reason::no_recording;
    return out;
}

Verdict judge(const Vouch& vouch, int64_t now_ns, int64_t forgiven_ns) {
    Verdict out;
    out.reason = vouch.reason;
    out.next_try_ns = vouch.next_try_ns;
    const int64_t judged_ns = now_ns - forgiven_ns;
    if (vouch.as_of_ns > 0) out.age_ns = std::max<int64_t>(0, judged_ns - vouch.as_of_ns);
    // Nobody can vouch for what is still to come.
    const bool lies = vouch.as_of_ns - now_ns > kAheadAtMostNs;
    if (vouch.refused) {
        out.freshness = Freshness::error;
        return out;
    }
    if (source_says_lost(vouch.state)) {
        out.freshness = Freshness::lost;
        return out;
    }
    int64_t dead_at = vouch.gone_since_ns == 0 ? 0 : vouch.gone_since_ns + kGoneAfterNs;
    if (dead_at != 0 && judged_ns >= dead_at) {
        out.freshness = Freshness::lost;
        out.reason = Reason::process_gone;
        return out;
    }
    // A picture that nobody has vouched for yet proves nothing: with no hub, a new panel draws too.
    if (!vouch.has_picture || vouch.as_of_ns == 0) {
        out.freshness = Freshness::starting;
    } else if (vouch.state == SourceState::frozen) {
        out.freshness = Freshness::frozen;
    } else {
        judge_age(vouch, judged_ns, out);
    }
    // Nobody vouches for it: marked at once, while its picture is held for a successor's.
    if (dead_at != 0 && out.freshness == Freshness::live) out.freshness = Freshness::late;
    if (dead_at != 0 && out.reason == Reason::none) out.reason = Reason::process_gone;
    if (lies && out.freshness == Freshness::live) {
        out.freshness = Freshness::late;
        out.reason = vouch.fault;
    }
    out.changes_at_ns = earlier(out.changes_at_ns, dead_at);
    if (out.changes_at_ns != 0) out.changes_at_ns += forgiven_ns;
    return out;
}

void StallGuard::turn(int64_t now_ns, int64_t wanted_ns) {
    int64_t late_ns = now_ns - wanted_ns;
    if (late_ns <= kStalledNs) return;
    forgiven_ns_ = late_ns;
    until_ns_ = now_ns + kForgivenForNs;
}

int64_t StallGuard::forgiven_ns(int64_t now_ns) const {
    return now_ns < until_ns_ ? forgiven_ns_ : 0;
}

}  // namespace bw::compositor
