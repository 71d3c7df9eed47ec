// SPDX-License-Identifier: Apache-2.0
// Greeting, heartbeats, silence, gaps and credit.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/events/client_impl.h"
#include "core/events/json.h"

namespace bw::events {

using nlohmann::json;

bool ClientImpl::send(const Frames& frames) {
    const bool sent = socket_.send(frames) == Socket::Sent::yes;
    if (socket_.readable()) work_left_ = true;
    return sent;
}

void ClientImpl::tick(int64_t now) {
    if (up_ && now - last_heard_ns_ >= kSilenceNs) link_down("the hub has been silent for 3 s");
    if (!up_ && options_.keys) look_at_line(now);
    if (!up_ && (!hello_sent_ || now - last_hello_ns_ >= kHelloPeriodNs)) say_hello(now);
    if (up_ && now >= next_beat_ns()) {
        last_beat_ns_ = now;
        beat_due_ = false;
        // A new hub at the old address answers this with a goodbye: that is how we find out.
        send({"beat", "{}"});
        for (auto& [order, pending] : pending_)
            if (!pending.sent || (pending.durable && now - pending.sent_ns >= kResendPeriodNs))
                send_pending(pending, now);
        for (Subscription& s : subscriptions_)
            if (!s.asked.empty() && now - s.asked_ns >= kResendPeriodNs) send_subscription(s, true);
        flush_telemetry();
    }
    expire(now);
}

const char* ClientImpl::line_fault() {
    if (!options_.keys || up_) return "";
    switch (socket_.failing()) {
        case Socket::Failing::nobody:
            return "no hub listens there";
        case Socket::Failing::refused:
            return "the hub does not know this key, or not any more";
        case Socket::Failing::broken:
            return "the handshake failed: is the key of that hub?";
        case Socket::Failing::no:
            break;
    }
    return "";
}

// A key may be made known later, and libzmq tries no more after a refusal.
void ClientImpl::look_at_line(int64_t now) {
    const std::string fault = line_fault();
    if (fault.empty()) {
        failing_since_ns_ = 0;
        return;
    }
    if (failing_since_ns_ == 0) failing_since_ns_ = now;
    if (now - failing_since_ns_ < kSilenceNs) return;
    if (socket_.failing() == Socket::Failing::refused)
        (void)socket_.connect_sealed(options_.endpoint, *options_.keys);
    failing_since_ns_ = 0;
    if (now - last_complaint_ns_ < 10 * base::kSecond) return;
    last_complaint_ns_ = now;
    base::log_warning("{}: {}", options_.endpoint, fault);
}

void ClientImpl::say_hello(int64_t now) {
    last_hello_ns_ = now;
    json hello = {{"id", "hello-" + cycle_}, {"protocol", kProtocol},   {"name", options_.name},
                  {"cycle", cycle_},         {"space", options_.space}, {"bundles", true}};
    if (!options_.token.empty()) hello["token"] = options_.token;
    hello_sent_ = send({"hello", hello.dump()});
}

void ClientImpl::welcomed(const std::string& id, const json& reply) {
    if (up_ || id != "hello-" + cycle_) return;
    const int64_t now = base::mono_ns();
    if (!reply.value("ok", false)) {
        if (now - last_complaint_ns_ > 10 * base::kSecond) {
            last_complaint_ns_ = now;
            if (options_.token.empty())
                base::log_warning("the hub does not greet us: {}", text_of(reply, "text"));
        }
        // Of a token that is none nothing comes of waiting.
        if (!options_.token.empty()) not_let_in(reply);
        return;
    }
    hub_session_ = text_of(reply, "session");
    hub_sequence_ = static_cast<uint64_t>(std::max<int64_t>(0, integer_of(reply, "sequence", 0)));
    up_ = true;
    last_heard_ns_ = last_beat_ns_ = now;
    // A hub that falls silent before its first beat must not leave pictures without an age.
    if (as_of_ns_ == 0) as_of_ns_ = now;
    last_n_ = credit_to_ = 0;
    bundle_ = {};
    // A hub that knows less than we have had begins a journal of its own: all of it is news.
    for (Subscription& s : subscriptions_)
        if (!s.of_last.empty() && hub_sequence_ < *s.last) s.last = 0, s.of_last.clear();
    redo();
}

void ClientImpl::redo() {
    const std::string cycle = cycle_;
    for (size_t i = 0; i < link_handlers_.size(); ++i) link_handlers_[i](true);
    if (!up_ || cycle != cycle_) return;
    for (const Handler& handler : command_handlers_) send_handler(handler);
    for (Subscription& s : subscriptions_) send_subscription(s, ever_up_);
    const int64_t now = base::mono_ns();
    for (auto& [order, pending] : pending_) send_pending(pending, now);
    ever_up_ = true;
    flush_telemetry();
}

void ClientImpl::link_down(const char* why) {
    if (!up_) return;
    up_ = false;
    base::log_info("hub link down: {}", why);
    cycle_ = base::random_hex(8);
    last_hello_ns_ = 0;
    hello_sent_ = false;
    // What is not durable is never sent again.
    for (auto& [order, pending] : pending_) pending.sent = !pending.durable;
    // Whatever was said since the last sure sign of life may have died with the hub.
    for (auto& [key, kept] : kept_) kept.sent_ns = 0;
    for (size_t i = 0; i < link_handlers_.size(); ++i) link_handlers_[i](false);
}

// Two of a name push each other out: without a rest they would do nothing else.
void ClientImpl::make_way() {
    last_hello_ns_ = base::mono_ns() + kReplacedNs - kHelloPeriodNs;
    hello_sent_ = true;
}

void ClientImpl::handle(Frames& frames) {
    const std::string verb = frames.front();
    if (verb == "reply" && frames.size() >= 2) {
        last_heard_ns_ = base::mono_ns();
        handle_reply(frames);
    } else if (verb == "goodbye") {
        // A hub that meets us first says so; our hello may have gone to its predecessor.
        if (!up_ && base::mono_ns() - last_hello_ns_ > kHelloPeriodNs / 4) hello_sent_ = false;
        const bool was_up = up_;
        link_down(frames.size() > 1 ? frames[1].c_str() : "goodbye");
        json told;
        if (was_up && frames.size() > 1 && read_json(frames[1], told) && told.is_object() &&
            told.value("replaced", json()) == true)
            make_way();
    } else if (!up_) {
        return;  // of a cycle that is over
    } else if (verb == "event") {
        last_heard_ns_ = base::mono_ns();
        Delivery delivery;
        if (decode_delivery(frames, delivery)) take(delivery);
    } else if (verb == kBundle) {
        last_heard_ns_ = base::mono_ns();
        bundle_.frames = std::move(frames);
        if (!decode_bundle(bundle_.frames, bundle_.left)) bundle_ = {};
        take_bundle();
    } else if (verb == "beat" && frames.size() == 2) {
        last_heard_ns_ = base::mono_ns();
        handle_beat(frames);
    } else if (verb == "command" && frames.size() == 2) {
        handle_command(frames);
    }
}

void ClientImpl::handle_beat(const Frames& frames) {
    json beat;
    if (!read_json(frames[1], beat) || !beat.is_object()) return;
    hub_beat_ns_ = base::mono_ns();
    beat_due_ = hub_beat_ns_ - last_beat_ns_ > kBeatPeriodNs / 5 * 9;
    const int64_t wall = integer_of(beat, "wall_ns", 0), mono = integer_of(beat, "mono_ns", 0);
    const int64_t now = base::mono_ns();
    hub_wall_minus_mono_ns_ = wall - mono;
    // Both clocks are read at one moment on each side, so the beat's time on the way cancels out.
    clock_offset_ns_ = hub_wall_minus_mono_ns_ - (base::wall_ns() - now);
    as_of_ns_ = std::max(as_of_ns_, std::min(mono, now));
    // Two machines have one wall clock at best, and each a monotonic clock of its own.
    if (options_.keys) clock_offset_ns_ = wall - base::wall_ns(), as_of_ns_ = now;
    const auto n = static_cast<uint64_t>(integer_of(beat, "n", 0));
    if (n > last_n_) {
        const uint64_t missed = n - last_n_;
        last_n_ = n;
        gap(missed);
    }
    std::erase_if(kept_, [now](const auto& entry) {
        return entry.second.sent_ns != 0 && entry.second.sent_ns < now - 2 * kBeatPeriodNs;
    });
}

// Whoever calls the hub in a handler pumps: then what is left of the bundle comes there, first.
void ClientImpl::take_bundle() {
    while (bundle_.next < bundle_.left.size()) take(bundle_.left[bundle_.next++]);
    bundle_ = {};
}

// A copy: its handlers may take what is left of its bundle.
void ClientImpl::take(Delivery delivery) {
    if (!up_ || delivery.n <= last_n_) return;
    const uint64_t missed = delivery.n - last_n_ - 1;
    last_n_ = delivery.n;
    auto event = parse_event(delivery.event);
    if (event) {
        if (event->sequence == 0) event->sequence = delivery.sequence;
        advance_as_of(*event, delivery.replayed);
        const bool old = delivery.lane == Lane::durable && had(*event, missed > 0);
        for (size_t i = 0; !old && i < event_handlers_.size(); ++i)
            event_handlers_[i](*event, delivery.lane, delivery.replayed);
    } else {
        base::log_warning("a delivery that is no event: {}", event.error().text);
    }
    if (!up_) return;
    if (missed > 0)
        gap(missed);
    else
        top_up();
}

void ClientImpl::advance_as_of(const Event& event, bool replayed) {
    if (replayed || hub_wall_minus_mono_ns_ == 0 || options_.keys) return;
    const auto recorded = base::parse_rfc3339(event.recordedtime);
    if (!recorded) return;
    const int64_t when = *recorded - hub_wall_minus_mono_ns_;
    if (when <= base::mono_ns()) as_of_ns_ = std::max(as_of_ns_, when);
}

void ClientImpl::gap(uint64_t missed) {
    for (size_t i = 0; i < gap_handlers_.size(); ++i) gap_handlers_[i](missed);
    if (!up_) return;
    for (Subscription& s : subscriptions_) send_subscription(s, true);
}

void ClientImpl::top_up() {
    if (credit_to_ > last_n_ + grant_ / 2) return;
    credit_to_ = last_n_ + grant_;
    send({"credit", json{{"to", credit_to_}}.dump()});
}

// `again`: something was missed, or may have been.
void ClientImpl::send_subscription(Subscription& s, bool again) {
    credit_to_ = std::max(credit_to_, last_n_ + grant_);
    json body = {{"prefixes", s.prefixes}, {"to", credit_to_}};
    if (!s.space.empty()) body["space"] = s.space;
    if (s.from == From::sequence) {
        if (!s.last) s.last = hub_sequence_;
        s.asked = "since-" + std::to_string(next_id_++) + "-" + cycle_;
        s.asked_ns = base::mono_ns();
        body["id"] = s.asked;
        body["from"] = "sequence";
        body["since"] = *s.last - (s.of_last.empty() ? 0 : 1);
    } else {
        body["from"] = again || s.from == From::snapshot ? "snapshot" : "now";
    }
    send({"subscribe", body.dump()});
}

bool ClientImpl::had(const Event& event, bool missed) {
    for (Subscription& s : subscriptions_) {
        if (s.from != From::sequence || !s.last || event.space != options_.space ||
            std::none_of(s.prefixes.begin(), s.prefixes.end(),
                         [&](const std::string& prefix) { return matches(prefix, event); }))
            continue;
        if (missed || !s.asked.empty()) return true;
        if (event.sequence < *s.last || (event.sequence == *s.last && s.of_last.empty()))
            return true;
        if (event.sequence > *s.last) s.last = event.sequence, s.of_last.clear();
        return !s.of_last.insert(event.source + '\n' + event.id).second;
    }
    return false;
}

void ClientImpl::send_handler(const Handler& handler) {
    send({"handle", json{{"prefixes", {handler.prefix}}}.dump()});
}

}  // namespace bw::events
