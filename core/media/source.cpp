// SPDX-License-Identifier: Apache-2.0
#include "core/media/source.h"

#include <algorithm>

namespace bw::media {

using surface::Reason;
using surface::SourceState;

void SourceMachine::known(bool is_known, int64_t now) {
    if (is_known == known_) return;
    known_ = is_known;
    if (known_) {
        next_try_ns_ = now;
    } else if (open_) {
        open_ = false;
        close_pending_ = true;
    }
}

void SourceMachine::moved(int64_t now) {
    if (open_) {
        open_ = false;
        close_pending_ = true;
    }
    failures_ = 0;
    reason_ = Reason::none;
    next_try_ns_ = now;
}

void SourceMachine::demanded(Demand demand, int64_t now) {
    if (demand == demand_) return;
    if (demand == Demand::none) unwanted_ns_ = now;
    if (demand_ == Demand::none && !open_) {
        had_picture_ = reopening_ = false;
        failures_ = 0;
        reason_ = Reason::none;
    }
    // Someone newly looks: whatever the back-off says, try at once.
    if (demand > demand_) next_try_ns_ = now;
    demand_ = demand;
}

void SourceMachine::retry(int64_t now) {
    failures_ = 0;  // also while it plays: the next break is tried at the shortest delay
    reason_ = Reason::none;
    if (!open_) next_try_ns_ = now;
}

void SourceMachine::picture(int64_t arrived_ns) {
    if (!open_ || arrived_ns <= picture_ns_) return;
    picture_ns_ = arrived_ns;
    had_picture_ = true;
    if (picture_ns_ - opened_ns_ >= timing_.settled_ns) failures_ = 0;
}

void SourceMachine::trouble(Reason reason, int64_t now) {
    if (open_) fail(reason, now);
}

void SourceMachine::fail(Reason reason, int64_t now) {
    open_ = false;
    close_pending_ = true;
    reopening_ = true;
    reason_ = reason;
    next_try_ns_ = now + delay(reason);
    ++failures_;
}

int64_t SourceMachine::delay(Reason reason) {
    // The first look at a stream that stalled costs nobody anything; later ones back off.
    if (reason == Reason::stalled && failures_ == 0 && picture_ns_ != 0) return 0;
    const int64_t cap = demand_ == Demand::on_air && reason != Reason::unauthorised
                            ? timing_.on_air_cap_ns
                            : timing_.cap_ns;
    const int64_t least =
        reason == Reason::unauthorised ? timing_.refused_delay_ns : timing_.first_delay_ns;
    const int64_t wished = std::min(cap, least << std::min(failures_, 10u));
    // A quarter of jitter either way: sources that died together do not come back together.
    const int64_t span = wished / 2;
    return wished - span / 2 + static_cast<int64_t>(random_()) % (span + 1);
}

int64_t SourceMachine::first_picture_by_ns() const {
    return std::max(opened_ns_ + (connected_ ? timing_.key_frame_ns : timing_.connect_ns),
                    behind_ns_ + timing_.rebuild_ns);
}

int64_t SourceMachine::picture_by_ns() const {
    return std::max(picture_ns_, behind_ns_) + timing_.rebuild_ns;
}

Order SourceMachine::step(int64_t now, bool may_open) {
    if (close_pending_) {
        close_pending_ = false;
        return Order::close;
    }
    if (!open_) {
        if (demand_ == Demand::none || !known_ || now < next_try_ns_ || !may_open)
            return Order::nothing;
        open_ = true;
        connected_ = false;
        opened_ns_ = now;
        picture_ns_ = behind_ns_ = 0;
        next_try_ns_ = 0;
        if (reopening_) ++reconnects_;
        reopening_ = false;
        return Order::open;
    }
    if (demand_ == Demand::none && now >= unwanted_ns_ + timing_.grace_ns) {
        open_ = had_picture_ = reopening_ = false;
        failures_ = 0;
        reason_ = Reason::none;
        next_try_ns_ = 0;
        return Order::close;
    }
    if (picture_ns_ == 0) {
        if (now < first_picture_by_ns()) return Order::nothing;
        fail(connected_ ? Reason::stalled : Reason::connect_failed, now);
    } else {
        if (now < picture_by_ns()) return Order::nothing;
        fail(Reason::stalled, now);
    }
    close_pending_ = false;
    return Order::close;
}

int64_t SourceMachine::next_wake_ns(int64_t now) const {
    if (close_pending_) return now;
    if (!open_) return demand_ == Demand::none || !known_ ? 0 : std::max<int64_t>(1, next_try_ns_);
    int64_t wake = first_picture_by_ns();
    if (picture_ns_ != 0) {
        const int64_t late = picture_ns_ + timing_.late_ns;
        wake = now < late ? late : picture_by_ns();
    }
    if (demand_ == Demand::none) wake = std::min(wake, unwanted_ns_ + timing_.grace_ns);
    return wake;
}

SourceMachine::View SourceMachine::trouble_view() const {
    const int64_t next = open_ ? 0 : next_try_ns_;
    if (reason_ == Reason::unauthorised) return {SourceState::unauthorised, reason_, next};
    // One break is a picture that is late; only when the next try fails too is it a camera lost.
    if (had_picture_) return {failures_ < 2 ? SourceState::late : SourceState::lost, reason_, next};
    return {SourceState::failed, reason_, next};
}

SourceMachine::View SourceMachine::view(int64_t now) const {
    if (open_ && picture_ns_ != 0) {
        if (now < picture_ns_ + timing_.late_ns)
            return frozen_ ? View{SourceState::frozen, Reason::unchanged, 0}
                           : View{SourceState::playing, Reason::none, 0};
        return {SourceState::late, Reason::stalled, 0};
    }
    if (demand_ == Demand::none && !open_) return {};
    if (!known_) return {SourceState::idle, Reason::unknown_source, 0};
    // Until a picture comes the last trouble stays on the tile: a mark that flickers between
    // "connecting" and "lost" with every try tells an officer nothing.
    if (failures_ > 0) return trouble_view();
    return {connected_ ? SourceState::waiting : SourceState::connecting, Reason::none, 0};
}

}  // namespace bw::media
