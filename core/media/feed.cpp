// SPDX-License-Identifier: Apache-2.0
#include "core/media/feed.h"

#include <functional>

#include "core/base/log.h"
#include "core/surface/link.h"

namespace bw::media {

namespace {

// A file on a disk that does not answer, tried again and again, must not use up what the process
// can bear of streams that do not close.
constexpr int kMostWaiting = 2;

}  // namespace

Feed::Feed(std::string id, Timing timing, std::shared_ptr<Wake> wake)
    : id_(std::move(id)),
      wake_(std::move(wake)),
      outlet_(std::make_shared<Outlet>(wake_)),
      machine_(timing, static_cast<uint32_t>(std::hash<std::string>{}(id_)) | 1U) {}

const std::string& Feed::uri() const {
    static const std::string nothing;
    if (!address_ || stream_ == Stream::none) return nothing;
    return stream_ == Stream::main ? address_->main_uri : address_->sub_uri;
}

void Feed::choose(int64_t now) {
    const std::string before = uri();
    stream_ = !address_ ? Stream::none
                        : choose_stream(stream_, widest_, !address_->main_uri.empty(),
                                        !address_->sub_uri.empty());
    if (!before.empty() && !uri().empty() && before != uri()) machine_.moved(now);
}

void Feed::set_address(std::optional<Address> address, int64_t now) {
    if (address == address_) return;
    const std::string before = uri();
    address_ = std::move(address);
    stream_ = !address_ ? Stream::none
                        : choose_stream(stream_, widest_, !address_->main_uri.empty(),
                                        !address_->sub_uri.empty());
    machine_.known(address_.has_value(), now);
    if (!before.empty() && !uri().empty() && before != uri()) machine_.moved(now);
}

void Feed::set_demand(Demand demand, uint32_t widest, int64_t now) {
    demanded_ = demand != Demand::none;
    // Nobody looks: keep the stream that plays, in case somebody looks again within the grace.
    if (demanded_) {
        widest_ = widest;
        choose(now);
    }
    machine_.demanded(demand, now);
}

void Feed::watch(int64_t now) {
    if (!pipeline_) return;
    if (pipeline_->connected()) machine_.connected();
    if (const int64_t newest = outlet_->newest_ns(); newest != 0) machine_.picture(newest);
    decoder_ = pipeline_->decoder();
    if (auto trouble = pipeline_->trouble()) {
        trouble_text_ = std::move(trouble->text);
        machine_.trouble(trouble->reason, now);
    }
}

void Feed::open(Secrets& secrets) {
    trouble_text_.clear();
    auto login = split_login(uri());
    const auto secret = secrets.of(id_);
    if (!secret.user.empty()) login.secret = secret;
    opened_ = true;
    outlet_->expect(++epoch_);
    pipeline_ = Pipeline::open({id_, std::move(login.uri), std::move(login.secret.user),
                                std::move(login.secret.password), epoch_, outlet_, wake_});
}

void Feed::close(int64_t now, Reaper& reaper) {
    outlet_->expect(++epoch_);  // whatever the old pipeline still delivers is dropped
    reaper.bury(std::move(pipeline_), id_, now);
    if (!demanded_) outlet_->forget();
}

bool Feed::advance(int64_t now, bool may_open, Secrets& secrets, Reaper& reaper) {
    watch(now);
    opened_ = false;
    crowded_ = !pipeline_ && reaper.waiting(id_) >= kMostWaiting;
    const auto next = [&] { return machine_.step(now, may_open && !opened_ && !crowded_); };
    for (Order order = next(); order != Order::nothing; order = next()) {
        if (order == Order::open)
            open(secrets);
        else
            close(now, reaper);
    }
    const auto view = machine_.view(now);
    if (view == view_) return false;
    const bool told = view.state == view_.state && view.reason == view_.reason;
    view_ = view;
    if (!told) log_change();
    return true;
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
    report.stream = stream_;
    report.decoder = decoder_;
    return report;
}

}  // namespace bw::media
