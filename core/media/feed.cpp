// SPDX-License-Identifier: Apache-2.0
#include "core/media/feed.h"

#include <algorithm>
#include <functional>

#include "core/base/log.h"
#include "core/media/pipeline.h"
#include "core/media/vnc_line.h"
#include "core/surface/link.h"

namespace bw::media {

namespace {

// A file on a disk that does not answer, tried again and again, must not use up what the process
// can bear of streams that do not close.
constexpr int kMostWaiting = 2;
// A camera whose other stream does not come keeps the one that it has.
constexpr int64_t kChangeAgainNs = 30 * base::kSecond;

}  // namespace

Feed::Feed(std::string id, Timing timing, std::shared_ptr<Wake> wake,
           std::shared_ptr<Workshop> workshop, Receiver& receiver)
    : id_(std::move(id)),
      timing_(timing),
      wake_(std::move(wake)),
      workshop_(std::move(workshop)),
      receiver_(receiver),
      outlet_(std::make_shared<Outlet>(wake_)),
      machine_(timing, static_cast<uint32_t>(std::hash<std::string>{}(id_)) | 1U) {}

const std::string& Feed::uri_of(Stream stream) const {
    static const std::string nothing;
    if (!address_ || stream == Stream::none) return nothing;
    return stream == Stream::main ? address_->main_uri : address_->sub_uri;
}

void Feed::set_address(std::optional<Address> address, int64_t now) {
    if (address == address_) return;
    const std::string before = open_ ? uri_of(open_->stream) : std::string();
    const Watchfulness watched = address_ ? address_->watchfulness : Watchfulness{};
    address_ = std::move(address);
    wished_ = !address_ ? Stream::none
                        : choose_stream(wished_, widest_, !address_->main_uri.empty(),
                                        !address_->sub_uri.empty());
    machine_.known(address_.has_value(), now);
    by_gstreamer_ = false;
    const bool other = open_ && address_ && before != uri_of(open_->stream);
    if (other || (open_ && address_ && address_->watchfulness != watched)) machine_.moved(now);
    demand_of_machine(now);
}

void Feed::demand_of_machine(int64_t now) {
    const Demand least = address_ && address_->standby ? Demand::standby : Demand::none;
    machine_.demanded(std::max(demand_, least), now);
}

void Feed::set_demand(Demand demand, uint32_t widest, int64_t now) {
    const bool looked = demand_ >= Demand::prepared, looks = demand >= Demand::prepared;
    if (looked && !looks) blind_from_ns_ = now + timing_.grace_ns;
    demand_ = demand;
    // Nobody looks: keep the stream that plays, in case somebody looks again within the grace.
    if (looks) {
        widest_ = widest;
        if (address_)
            wished_ = choose_stream(wished_, widest_, !address_->main_uri.empty(),
                                    !address_->sub_uri.empty());
    }
    demand_of_machine(now);
    look(now);
}

/// Decodes while somebody looks, and for a moment after.
void Feed::look(int64_t now) {
    const bool pictures = demand_ >= Demand::prepared || now < blind_from_ns_;
    if (pictures == pictures_) return;
    pictures_ = pictures;
    for (auto* open : {&open_, &next_})
        if (*open) (*open)->flow->want(pictures_);
    if (!pictures_) outlet_->forget();
}

void Feed::watch(int64_t now) {
    if (!open_) return;
    if (open_->intake->connected()) machine_.connected();
    const int64_t true_at = open_->intake->true_at_ns(now);
    if (pictures_ && true_at != 0) outlet_->vouch(true_at);
    // What nobody looks at lives while something comes in.
    const int64_t newest = pictures_ ? outlet_->newest_ns() : open_->flow->newest_ns();
    if (newest != 0) machine_.picture(std::max(newest, true_at));
    if (open_->flow->behind(now)) machine_.behind(now);
    machine_.frozen(pictures_ && true_at == 0 && open_->flow->inspector().frozen());
    if (const auto name = open_->flow->decoder(); !name.empty()) decoder_ = name;
    auto trouble = open_->intake->trouble();
    if (!trouble) trouble = open_->flow->trouble();
    if (trouble) on_trouble(std::move(*trouble), now);
}

void Feed::on_trouble(Trouble trouble, int64_t now) {
    if (trouble.elsewhere && !by_gstreamer_) {
        base::log_info("{}: {}: GStreamer is to receive it", id_, trouble.text);
        by_gstreamer_ = true;
        return machine_.moved(now);
    }
    // Who has played for a while and broken off may have become another camera: ours is asked
    // first. Sooner, asking it would begin the back-off anew each time.
    const bool played = open_ && open_->flow->newest_ns() - open_->since_ns >= timing_.settled_ns;
    if (played) by_gstreamer_ = false;
    trouble_text_ = std::move(trouble.text);
    machine_.trouble(trouble.reason, now);
}

Feed::Open Feed::open(Stream stream, int64_t now, Secrets& secrets) {
    auto login = split_login(uri_of(stream));
    const auto secret = secrets.of(id_);
    if (!secret.user.empty()) login.secret = secret;
    opened_ = true;
    Open open{stream, ++epoch_, now, nullptr, nullptr};
    auto watchfulness = address_->watchfulness;
    if (sends_only_changes(login.uri)) watchfulness.frozen_after_ns = 0;
    open.flow = std::make_shared<Flow>(open.epoch, outlet_, wake_, workshop_, watchfulness);
    open.flow->want(pictures_);
    const bool own = Receiver::takes(login.uri) && !by_gstreamer_;
    Opening opening{id_,
                    std::move(login.uri),
                    std::move(login.secret.user),
                    std::move(login.secret.password),
                    open.flow,
                    workshop_,
                    wake_,
                    by_gstreamer_};
    if (VncLine::takes(opening.uri))
        open.intake = VncLine::open(std::move(opening));
    else if (own)
        open.intake = receiver_.open(std::move(opening));
    else
        open.intake = Pipeline::open(std::move(opening));
    return open;
}

void Feed::bury(std::optional<Open>& open, int64_t now, Reaper& reaper) {
    if (!open) return;
    open->flow->end();
    reaper.bury(std::move(open->intake), id_, now);
    open.reset();
}

void Feed::close(int64_t now, Reaper& reaper) {
    outlet_->expect(++epoch_);  // whatever the old streams still deliver is dropped
    bury(next_, now, reaper);
    bury(open_, now, reaper);
    if (demand_ < Demand::prepared) outlet_->forget();
}

/// The other stream is opened beside the one that plays, and takes over with its first picture.
void Feed::change_stream(int64_t now, bool may_open, Secrets& secrets, Reaper& reaper) {
    if (!open_) return bury(next_, now, reaper);
    if (next_ && outlet_->epoch() == next_->epoch) {
        std::swap(open_, next_);
        return bury(next_, now, reaper);
    }
    const bool other = wished_ != open_->stream && uri_of(wished_) != uri_of(open_->stream);
    if (next_) {
        auto trouble = next_->intake->trouble();
        if (!trouble) trouble = next_->flow->trouble();
        const bool elsewhere = trouble && trouble->elsewhere && !by_gstreamer_;
        const bool dead = trouble || now - next_->since_ns > timing_.key_frame_ns;
        if (elsewhere)
            by_gstreamer_ = true;
        else if (dead)
            change_from_ns_ = now + kChangeAgainNs;
        if (!dead && other && next_->stream == wished_) return;
        outlet_->expect_next(0);
        return bury(next_, now, reaper);
    }
    if (!other || !may_open || !pictures_ || now < change_from_ns_) return;
    next_ = open(wished_, now, secrets);
    outlet_->expect_next(next_->epoch);
}

bool Feed::advance(int64_t now, bool may_open, Secrets& secrets, Reaper& reaper) {
    look(now);
    watch(now);
    opened_ = false;
    crowded_ = !open_ && reaper.waiting(id_) >= kMostWaiting;
    const auto next = [&] { return machine_.step(now, may_open && !opened_ && !crowded_); };
    for (Order order = next(); order != Order::nothing; order = next()) {
        if (order != Order::open) {
            close(now, reaper);
            continue;
        }
        trouble_text_.clear();
        open_ = open(wished_, now, secrets);
        outlet_->expect(open_->epoch);
    }
    change_stream(now, may_open && !opened_, secrets, reaper);
    auto view = machine_.view(now);
    // A hub that is away, or has just come back, knows what we do not.
    if (view.reason == surface::Reason::unknown_source && !all_told_)
        view.reason = surface::Reason::none;
    if (view == view_) return false;
    const bool told = view.state == view_.state && view.reason == view_.reason;
    view_ = view;
    if (!told) log_change();
    return true;
}

int64_t Feed::next_wake_ns(int64_t now) const {
    int64_t wake = crowded_ ? 0 : machine_.next_wake_ns(now);
    const auto sooner = [&](int64_t at) { wake = wake == 0 ? at : std::min(wake, at); };
    if (pictures_ && demand_ < Demand::prepared) sooner(blind_from_ns_);
    if (next_) sooner(next_->since_ns + timing_.key_frame_ns + 1);
    return wake;
}

void Feed::log_change() const {
    // An address that has not come yet is how every start begins.
    if (view_.reason == surface::Reason::unknown_source)
        return base::log_info("{}: no address yet", id_);
    if (view_.reason == surface::Reason::none)
        return base::log_info("{}: {}", id_, surface::source_state_word(view_.state));
    const auto words = surface::reason_words(view_.reason);
    base::log_warning("{}: {}, {}{}{}", id_, surface::source_state_word(view_.state), words.en,
                      trouble_text_.empty() ? "" : ": ", trouble_text_);
}

SourceReport Feed::report() const {
    SourceReport report;
    report.id = id_;
    report.view = view_;
    report.pictures = outlet_->pictures();
    report.reconnects = machine_.reconnects();
    report.size = outlet_->size();
    report.stream = open_ ? open_->stream : wished_;
    report.decoder = decoder_;
    report.camera_clock = open_ && open_->flow->knows_clock();
    if (pictures_ && open_) report.look = open_->flow->inspector().look();
    report.decoding = pictures_ && open_;
    return report;
}

}  // namespace bw::media
