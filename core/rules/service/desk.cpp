// SPDX-License-Identifier: Apache-2.0
#include "core/rules/service/desk.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/events/json.h"
#include "core/rules/rehearsal.h"
#include "core/rules/service/order_command.h"

namespace bw::rules {

using events::integer_of;
using events::text_of;
using nlohmann::json;

namespace {

constexpr const char* kTaken = "beaconwall.wall.taken.v1";
constexpr const char* kLive = "beaconwall.wall.live.v1";
constexpr const char* kHolds = "beaconwall.wall.holds.v1";
constexpr const char* kSite = "beaconwall.wall.site.v1";
constexpr const char* kAcknowledge = "beaconwall.attention.acknowledge.v1";
constexpr const char* kName = "rules";
// A snapshot has come to rest when nothing of it came for so long.
constexpr int64_t kQuietNs = 300 * base::kMillisecond;
constexpr int64_t kOldestNs = 3600 * base::kSecond;
constexpr int64_t kAnswerMs = 3000;

base::Result<std::unique_ptr<events::Client>> client(const std::string& endpoint,
                                                     const std::string& name) {
    events::Client::Options options;
    options.name = name;
    options.endpoint = endpoint;
    return events::Client::open(std::move(options));
}

/// A hub takes so many prefixes in one list.
void in_lists(const std::vector<std::string>& prefixes,
              const std::function<void(std::vector<std::string>)>& each) {
    constexpr size_t kMost = 256;
    for (size_t at = 0; at < prefixes.size(); at += kMost)
        each({prefixes.begin() + static_cast<ptrdiff_t>(at),
              prefixes.begin() + static_cast<ptrdiff_t>(std::min(at + kMost, prefixes.size()))});
}

json data_of(const events::Event& event) {
    json data;
    if (!events::read_json(event.data, data) || !data.is_object()) return json::object();
    return data;
}

}  // namespace

base::Result<std::unique_ptr<Desk>> Desk::open(const std::string& endpoint, Engine& engine,
                                               std::optional<uint64_t> sequence) {
    auto opened = client(endpoint, kName);
    if (!opened) return opened.error();
    std::unique_ptr<Desk> desk(new Desk(endpoint, engine, std::move(*opened)));
    desk->given_sequence_ = sequence;
    return desk;
}

Desk::Desk(std::string endpoint, Engine& engine, std::unique_ptr<events::Client> opened)
    : endpoint_(std::move(endpoint)),
      engine_(engine),
      client_(std::move(opened)),
      prefixes_(engine.prefixes()) {
    client_->on_link([this](bool up) { linked(up); });
    client_->on_event([this](const events::Event& event, events::Lane lane, bool replayed) {
        heard(event, lane, replayed);
    });
    client_->on_gap([this](uint64_t) {
        if (listens()) ask_for_values();
    });
    client_->on_command(std::string(kAcknowledge) + "/",
                        [this](const events::Event& event, const events::Client::Answer& answer) {
                            acknowledge(event, answer);
                        });
    client_->subscribe(
        {std::string(kLive) + "/", std::string(kHolds) + "/", std::string(kSite) + "/"});
}

int64_t Desk::now_ns() const {
    return base::wall_ns() + client_->clock_offset_ns();
}

void Desk::linked(bool up) {
    base::log_info("hub {}", up ? "there" : "away");
    if (!up) return;
    if (stage_ == Stage::waiting || stage_ == Stage::loading) return begin();
    ask_for_values();  // what is told on change alone may have changed meanwhile
}

void Desk::begin() {
    stage_ = Stage::loading;
    if (given_sequence_) return listen(given_sequence_);
    memory_.load(*client_, engine_, [this](std::optional<uint64_t> known) { listen(known); });
}

/// The events that come are kept until the last values have been heard: what is new comes after
/// what was.
void Desk::listen(std::optional<uint64_t> since) {
    if (stage_ != Stage::loading) return;  // asked twice, because the link went down between
    stage_ = Stage::catching_up;
    first_life_ = !since.has_value();
    sequence_ = since.value_or(client_->hub_sequence());
    std::vector<std::string> prefixes = prefixes_;
    prefixes.push_back(std::string(kTaken) + "/");
    in_lists(prefixes, [this](std::vector<std::string> list) {
        client_->subscribe_since(std::move(list), sequence_);
    });
    ask_for_values();
}

void Desk::ask_for_values() {
    values_.reset();
    values_heard_ns_ = 0;
    values_from_ns_ = base::mono_ns();
    if (prefixes_.empty()) return;
    auto opened = client(endpoint_, std::string(kName) + ":values");
    if (!opened) return base::log_warning("last values are not heard: {}", opened.error().text);
    values_ = std::move(*opened);
    values_->on_event([this](const events::Event& event, events::Lane lane, bool replayed) {
        values_heard_ns_ = base::mono_ns();
        // Records that changed come in order from the journal, unless nobody listened before.
        if (replayed && (lane == events::Lane::telemetry || first_life_))
            engine_.hear(fact(event, true));
    });
    values_->on_link([this](bool up) {
        if (up) values_heard_ns_ = base::mono_ns();
    });
    in_lists(prefixes_,
             [this](std::vector<std::string> list) { values_->subscribe(std::move(list)); });
}

void Desk::pump_values() {
    if (values_) values_->pump();
    const int64_t now = base::mono_ns();
    const bool quiet = values_heard_ns_ != 0 && now - values_heard_ns_ >= kQuietNs;
    if (values_ && !quiet) return;
    values_.reset();
    if (stage_ != Stage::catching_up) return;
    stage_ = Stage::listening;
    engine_.settle(now_ns());
    for (const Fact& early : std::exchange(early_, {})) engine_.hear(early);
    base::log_info("{} rules listen to {} prefixes", engine_.site().rules.rules.size(),
                   prefixes_.size());
}

Fact Desk::fact(const events::Event& event, bool replayed) const {
    Fact fact = fact_of(event);
    const int64_t now = now_ns();
    // A value of long ago that is told now is so now.
    if (fact.at_ns == 0 || fact.at_ns > now || replayed) fact.at_ns = now;
    fact.replayed = replayed;
    return fact;
}

bool Desk::heard_of_wall(const events::Event& event, bool replayed) {
    const auto take = [](const json& data) {
        return static_cast<uint64_t>(std::max<int64_t>(0, integer_of(data, "take", 0)));
    };
    if (event.type == kLive) {
        const json data = data_of(event);
        // A layout that is on air in an exercise or a replay does not show what is so.
        const auto scene = data.find("scene");
        const bool live = scene == data.end() || !scene->is_object() || !scene->contains("space");
        engine_.on_air(take(data), live ? text_of(data, "layout") : "", now_ns());
    } else if (event.type == kHolds) {
        engine_.holds_changed();
    } else if (event.type == kSite) {
        site_changed_ = site_changed_ || !replayed;
    } else if (event.type == kTaken) {
        const json data = data_of(event);
        engine_.taken(take(data), text_of(data, "by"), now_ns());
    } else {
        return false;
    }
    return true;
}

void Desk::heard(const events::Event& event, events::Lane lane, bool replayed) {
    if (lane == events::Lane::durable) sequence_ = std::max(sequence_, event.sequence);
    if (heard_of_wall(event, replayed)) return;
    Fact told = fact(event, false);
    // Of a journal that nobody worked through for days only what may still matter.
    if (told.at_ns < now_ns() - kOldestNs) return;
    if (listens())
        engine_.hear(told);
    else
        early_.push_back(std::move(told));
}

void Desk::acknowledge(const events::Event& event, const events::Client::Answer& answer) {
    events::Reply reply;
    reply.ok = engine_.acknowledge(event.subject);
    reply.body = json{{"subject", event.subject}}.dump();
    if (!reply.ok) {
        reply.code = "unknown";
        reply.text = "there is no item of attention " + event.subject;
    }
    answer(reply);
}

void Desk::pump() {
    client_->pump();
    if (stage_ == Stage::catching_up || values_) pump_values();
    if (listens()) {
        engine_.tick(now_ns());
        follow_orders();
        memory_.save(*client_, engine_, sequence_, base::mono_ns());
    }
    memory_.tick(base::mono_ns());
    tell_notes();
    const int64_t now = now_ns(), wake = engine_.next_wake_ns(now);
    engine_wake_ns_ = wake == INT64_MAX ? wake : base::mono_ns() + std::max<int64_t>(0, wake - now);
    client_->pump();  // sending may have used up the descriptor's edge
}

void Desk::follow_orders() {
    for (const Order& order : engine_.orders(now_ns())) {
        if (order.what == Order::What::preview || order.again)
            send(order);
        else
            memory_.save_first(*client_, engine_, sequence_, base::mono_ns(),
                               [this, order] { send(order); });
    }
}

void Desk::send(const Order& order) {
    const auto answered = [this, order](const events::Reply& reply) {
        json answer;
        if (!events::read_json(reply.body, answer)) answer = json::object();
        const int64_t take = integer_of(answer, "take", 0);
        if (order.what == Order::What::preview && !reply.ok)
            base::log_info("rule {}: prepares nothing: {}", order.rule, reply.text);
        engine_.answered(
            order.id,
            {reply.ok, reply.code, reply.text, static_cast<uint64_t>(std::max<int64_t>(0, take))},
            now_ns());
    };
    client_->request("command", command_of(order, now_ns()), kAnswerMs, answered);
}

void Desk::tell_notes() {
    for (const Note& note : engine_.notes()) base::log_info("rule {}: {}", note.rule, note.text);
    if (engine_.dropped() == dropped_) return;
    base::log_warning("{} events of more subjects than a rule tells apart",
                      engine_.dropped() - std::exchange(dropped_, engine_.dropped()));
}

int64_t Desk::next_wake_ns() const {
    int64_t wake = std::min(memory_.next_wake_ns(), engine_wake_ns_);
    const auto earlier = [&wake](int64_t at) {
        if (at != 0) wake = std::min(wake, at);
    };
    earlier(client_->next_wake_ns());
    if (!values_) return wake;
    earlier(values_->next_wake_ns());
    if (values_heard_ns_ != 0) earlier(values_heard_ns_ + kQuietNs);
    return wake;
}

}  // namespace bw::rules
