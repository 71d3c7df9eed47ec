// SPDX-License-Identifier: Apache-2.0
#include "bridge.h"

#include <beaconwall/service/clock.h>
#include <beaconwall/service/log.h>
#include <beaconwall/service/records.h>
#include <beaconwall/service/tally.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "hooks.h"
#include "intake.h"
#include "web.h"
#include "web_settings.h"

namespace bw::http_bridge {
namespace {

using nlohmann::json;

constexpr const char* kStateType = "beaconwall.bridge.state.v1";
constexpr int64_t kStateMs = 2000;
constexpr int kEndMs = 700;  // of the 1.2 s that a service has

}  // namespace

struct Bridge::Parts {
    explicit Parts(sdk::Service& s) : service(s) {}
    void open();
    void linked(bool is_up, const std::string& why);
    void tell(bool now);
    [[nodiscard]] json state() const;

    sdk::Service& service;
    std::vector<std::string> faults;
    WebSettings settings;
    sdk::Tally tally;
    std::optional<Intake> intake;
    std::unique_ptr<Web> web;
    std::vector<std::unique_ptr<HookLine>> hooks;
    bool up = false;
    std::string reason, told;
    int64_t since_ns = base::wall_ns();
};

void Bridge::Parts::open() {
    up = !settings.listen.there;
    intake.emplace(service, settings.listen.durable, tally);
    Calls calls;
    calls.take = [this](std::vector<events::Event> events, Respond respond) {
        service.post([this, events = std::move(events), respond = std::move(respond)]() mutable {
            intake->take(std::move(events), std::move(respond));
        });
    };
    calls.refused = [this](const std::string& who, const std::string& why) {
        tally.fault(sdk::Tally::kRefused, who, why);
    };
    calls.link = [this](bool is_up, const std::string& why) {
        service.post([this, is_up, why] { linked(is_up, why); });
    };
    service.wire().on_refusal([this](const events::Reply& reply) {
        tally.fault(sdk::Tally::kRefused, "the hub refused", reply.text);
    });
    web = std::make_unique<Web>(settings, std::move(calls));
    for (const Hook& hook : settings.hooks)
        hooks.push_back(std::make_unique<HookLine>(service, hook, *web, tally));
}

void Bridge::Parts::linked(bool is_up, const std::string& why) {
    if (is_up) base::log_info("listening on {}:{}", settings.listen.address, settings.listen.port);
    if (!is_up && why != reason) base::log_warning("not listening: {}", why);
    if (is_up != up) since_ns = base::wall_ns();
    up = is_up;
    reason = why;
    tell(false);
}

json Bridge::Parts::state() const {
    json data = json::parse(tally.json());
    data["kind"] = "http";
    data["state"] = !faults.empty() ? "faulty" : up ? "up" : "down";
    data["since"] = base::rfc3339(since_ns);
    const Listen& listen = settings.listen;
    if (listen.there)
        data["peer"] = fmt::format("http{}://{}:{}{}", listen.certificate.empty() ? "" : "s",
                                   listen.address, listen.port, listen.path);
    if (!faults.empty())
        data["reason"] = faults.front();
    else if (!reason.empty())
        data["reason"] = reason;
    size_t waiting = 0;
    for (const auto& hook : hooks) waiting += hook->waiting();
    data["waiting"] = waiting;
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

Bridge::Bridge(sdk::Service& service) : parts_(std::make_unique<Parts>(service)) {
    const std::string file = service.name() + ".toml";
    auto text = sdk::read_data(service, file);
    if (text) {
        parts_->settings = read_settings(*text, file, service.site_data().string(), parts_->faults);
    } else {
        parts_->faults = {text.error().text + "; docs/bridges.md says how to write one"};
    }
    for (const std::string& fault : parts_->faults) base::log_error("{}", fault);
    if (parts_->faults.empty()) parts_->open();
    parts_->tell(true);
    service.every(kStateMs, [parts = parts_.get()] { parts->tell(false); });
}

Bridge::~Bridge() = default;

bool Bridge::stop() {
    return !parts_->web || parts_->web->stop(kEndMs);
}

}  // namespace bw::http_bridge
