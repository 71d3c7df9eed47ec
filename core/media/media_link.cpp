// SPDX-License-Identifier: Apache-2.0
// Media's two conversations: demand with the compositor, addresses and states with the hub.
#include <fmt/core.h>

#include <cstring>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/media/media.h"

namespace bw::media {

using base::mono_ns;
using surface::Reason;

namespace {

constexpr const char* kSourceType = "beaconwall.source.v1";
constexpr const char* kStateType = "beaconwall.source.state.v1";
constexpr const char* kAskType = "beaconwall.status.ask.v1";
constexpr const char* kReportType = "beaconwall.media.report.v1";
constexpr const char* kTryType = "beaconwall.source.try.v1";
/// Panels name sources in their draw lists: a plugin gone wild must not fill our memory.
constexpr size_t kMostSources = 2048;

}  // namespace

void Media::on_configure(uint32_t surface, const std::vector<std::byte>& body) {
    surface::Configure configure{};
    if (body.size() < sizeof configure) return;
    std::memcpy(&configure, body.data(), sizeof configure);
    const std::string_view json(reinterpret_cast<const char*>(body.data()) + sizeof configure,
                                body.size() - sizeof configure);
    const auto wish = parse_wish(json);
    if (!wish || configure.kind == surface::SlotKind::draw_list)
        return refuse(surface, Reason::bad_settings, "a source and rgba or i420 are wanted");
    if (!mine(wish->source))
        return refuse(surface, Reason::unknown_source, "another media process plays this source");
    if (!feeds_.contains(wish->source) && feeds_.size() >= kMostSources)
        return refuse(surface, Reason::unknown_source, "too many sources");
    auto writer = surface::Producer::Writer::make(*link_, surface, configure);
    if (!writer) {
        base::log_warning("surface {}: {}", surface, writer.error().text);
        return refuse(surface, Reason::bad_settings, writer.error().text);
    }
    const Size size{static_cast<int>(configure.width), static_cast<int>(configure.height)};
    if (const auto before = demand_.put(surface, *wish, width_needed(size, wish->shape))) {
        (void)feed(*before).outlet().remove(surface);
        apply_demand(*before);
    }
    Feed& one = feed(wish->source);
    one.outlet().add(surface, link_, std::move(*writer), wish->rate, wish->shape);
    apply_demand(wish->source);
    const auto& view = one.view();
    one.outlet().tell(view.state, view.reason, view.next_try_ns);
    (void)link_->send(surface::Kind::notice, surface);
}

void Media::on_release(uint32_t surface) {
    const auto source = demand_.remove(surface);
    if (!source) return;
    if (!feed(*source).outlet().remove(surface)) {
        link_->defer(surface);
        deferred_.insert(surface);
    }
    apply_demand(*source);
}

void Media::on_demand(uint32_t surface, bool on_air) {
    if (const auto source = demand_.set_on_air(surface, on_air)) apply_demand(*source);
}

void Media::refuse(uint32_t surface, Reason reason, std::string_view text) {
    (void)link_->send(surface::Kind::refuse, surface, static_cast<int64_t>(reason), text);
}

void Media::apply_demand(const std::string& source) {
    Feed& one = feed(source);
    one.set_demand(demand_.of(source), demand_.widest(source), mono_ns());
    // The state machine acts in this same turn of the loop: what it decides is told from there.
}

base::Status Media::open_client() {
    events::Client::Options options;
    options.name = name_;
    options.endpoint = arguments_.hub_endpoint();
    auto opened = events::Client::open(std::move(options));
    if (!opened) return opened.error();
    client_ = std::move(*opened);
    client_->on_event([this](const events::Event& event, events::Lane, bool) { on_event(event); });
    client_->on_link([this](bool up) {
        // A hub that starts anew has lost the last values.
        if (!up) return;
        linked_as_of_ns_ = client_->as_of_ns();
        for (const auto& [id, one] : feeds_)
            if (one->known()) publish_state(*one);
    });
    client_->subscribe(
        {std::string(kSourceType) + "/", std::string(kAskType) + "/", std::string(kTryType) + "/"});
    return {};
}

void Media::on_event(const events::Event& event) {
    if (event.type == kAskType) return answer_status(event);
    if (event.type == kTryType) return on_try(event.subject);
    if (event.type != kSourceType || event.subject.empty() || !mine(event.subject)) return;
    auto address = event.tombstone ? std::nullopt : parse_address(event.data);
    if (!address && !feeds_.contains(event.subject)) return;
    feed(event.subject).set_address(std::move(address), mono_ns());
}

void Media::on_try(const std::string& source) {
    const auto it = feeds_.find(source);
    if (it != feeds_.end()) it->second->retry(mono_ns());
}

void Media::publish_state(Feed& one) {
    const auto& view = one.view();
    const auto told = one.outlet().tell(view.state, view.reason, view.next_try_ns);
    if (link_)
        for (const uint32_t surface : told) (void)link_->send(surface::Kind::notice, surface);
    events::Event event;
    event.type = kStateType;
    event.subject = one.id();
    event.data = state_json(view, mono_ns());
    if (client_) client_->publish(std::move(event));
}

void Media::answer_status(const events::Event& ask) {
    std::vector<SourceReport> sources;
    for (const auto& [id, one] : feeds_) {
        sources.push_back(one->report());
        sources.back().process = fmt::format("media/{}", index_);
    }
    events::Event event;
    event.type = kReportType;
    event.subject = name_;
    event.data = report_json(ask.data, sources, language_);
    client_->publish(std::move(event));
}

}  // namespace bw::media
