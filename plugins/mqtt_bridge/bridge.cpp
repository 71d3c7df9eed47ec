// SPDX-License-Identifier: Apache-2.0
#include "bridge.h"

#include <beaconwall/service/clock.h>
#include <beaconwall/service/ids.h>
#include <beaconwall/service/log.h>
#include <beaconwall/service/records.h>
#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "arrivals.h"
#include "broker.h"
#include "departures.h"
#include "maps.h"

namespace bw::mqtt_bridge {
namespace {

using nlohmann::json;

constexpr const char* kStateType = "beaconwall.bridge.state.v1";
constexpr int64_t kStateMs = 2000, kResumeMs = 2000;
constexpr int kEndMs = 700;  // of the 1.2 s that a service has

/// A name of this wall's own for the broker, the same in every life: its session is kept by it.
std::string client_id(const sdk::Service& service) {
    const auto folder = service.state();
    std::string id;
    if (folder.empty()) return "beaconwall-" + base::random_hex(6);
    std::ifstream(folder / "client_id") >> id;
    if (base::is_safe_name(id)) return id;
    id = "beaconwall-" + base::random_hex(6);  // at most 23 bytes: MQTT 3.1.1, 3.1.3.1
    std::ofstream(folder / "client_id") << id << "\n";
    return id;
}

}  // namespace

struct Bridge::Parts {
    explicit Parts(sdk::Service& s) : service(s) {}
    void open();
    void linked(bool up, const std::string& why);
    void tell(bool now);
    [[nodiscard]] json state() const;

    sdk::Service& service;
    std::vector<std::string> faults;
    Maps maps;
    sdk::Tally tally;
    Echoes echoes;
    std::optional<Arrivals> arrivals;
    std::unique_ptr<Broker> broker;
    std::optional<Departures> departures;
    bool up = false;
    std::string reason = "connecting", told;
    int64_t since_ns = base::wall_ns();
};

void Bridge::Parts::open() {
    arrivals.emplace(service, maps.in, echoes, tally);
    if (maps.broker.client_id.empty()) maps.broker.client_id = client_id(service);
    std::vector<std::pair<std::string, int>> filters;
    for (const InMap& map : maps.in) filters.emplace_back(map.topic.filter(), map.qos);
    Broker::Calls calls;
    calls.take = [this](const Broker::Incoming& message) { return arrivals->take(message); };
    calls.link = [this](bool is_up, const std::string& why, bool session) {
        if (is_up) arrivals->session(session);
        service.post([this, is_up, why] { linked(is_up, why); });
    };
    calls.published = [this](int mid) {
        service.post([this, mid] { departures->published(mid); });
    };
    calls.deaf = [this](const std::string& filter) {
        tally.fault(sdk::Tally::kRefused, filter, "the broker does not let this client hear it");
    };
    broker = std::make_unique<Broker>(maps.broker, std::move(filters), std::move(calls));
    service.wire().on_link([this](bool is_up) {
        arrivals->link(is_up);
        if (is_up) broker->resume();
    });
    service.wire().on_refusal([this](const events::Reply& reply) {
        tally.fault(sdk::Tally::kRefused, "the hub refused", reply.text);
        tell(false);
    });
    departures.emplace(service, maps, *broker, echoes, tally);
    // A hub that is there, but could not keep what it was given, is asked again.
    service.every(kResumeMs, [this] {
        if (service.wire().up()) broker->resume();
    });
    if (const auto started = broker->start(); !started) {
        faults.push_back(started.error().text);
        base::log_error("{}", started.error().text);
    }
}

void Bridge::Parts::linked(bool is_up, const std::string& why) {
    const bool changed = is_up != up;
    if (changed) {
        since_ns = base::wall_ns();
        base::log_info("the broker {}:{} is {}", maps.broker.host, maps.broker.port,
                       is_up ? "there" : "gone");
    }
    up = is_up;
    reason = is_up ? "" : why;
    departures->link(is_up);
    tell(changed);
}

json Bridge::Parts::state() const {
    json data = json::parse(tally.json());
    data["kind"] = "mqtt";
    data["state"] = !faults.empty() ? "faulty" : up ? "up" : "down";
    data["since"] = base::rfc3339(since_ns);
    if (!maps.broker.host.empty())
        data["peer"] = fmt::format("mqtt{}://{}:{}", maps.broker.ca.empty() ? "" : "s",
                                   maps.broker.host, maps.broker.port);
    if (!faults.empty())
        data["reason"] = faults.front();
    else if (!reason.empty())
        data["reason"] = reason;
    data["waiting"] = departures ? departures->waiting() : 0;
    return data;
}

void Bridge::Parts::tell(bool now) {
    const std::string data = state().dump(-1, ' ', false, json::error_handler_t::replace);
    if (data == told && !now) return;
    told = data;
    events::Event event;
    event.type = kStateType;
    event.subject = "bridge/" + service.name();
    event.data = data;
    service.wire().publish(std::move(event));
}

Bridge::Bridge(sdk::Service& service)
    : service_(service), parts_(std::make_unique<Parts>(service)) {
    const std::string file = service.name() + ".toml";
    auto text = sdk::read_data(service, file);
    if (text) {
        parts_->maps = read_maps(*text, file, service.site_data().string(), parts_->faults);
    } else {
        parts_->faults = {text.error().text + "; docs/bridges.md says how to write one"};
    }
    for (const std::string& fault : parts_->faults) base::log_error("{}", fault);
    if (parts_->faults.empty()) parts_->open();
    parts_->tell(true);
    service.every(kStateMs, [this] { parts_->tell(false); });
}

Bridge::~Bridge() = default;

bool Bridge::stop() {
    if (!parts_->broker) return true;
    parts_->arrivals->end();
    return parts_->broker->stop(kEndMs);
}

}  // namespace bw::mqtt_bridge
