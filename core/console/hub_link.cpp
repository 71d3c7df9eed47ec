// SPDX-License-Identifier: Apache-2.0
#include "core/console/hub_link.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/log.h"

namespace bw::console {

base::Result<std::unique_ptr<HubLink>> HubLink::open(const std::string& endpoint) {
    events::Client::Options options;
    options.name = "console";
    options.endpoint = endpoint;
    auto client = events::Client::open(std::move(options));
    if (!client) return client.error();
    return std::unique_ptr<HubLink>(new HubLink(std::move(*client)));
}

HubLink::HubLink(std::unique_ptr<events::Client> client)
    : client_(std::move(client)),
      alarm_([this] { pump(); }),
      readable_(GlibSource::readable(client_->fd(), [this] { pump(); })) {
    client_->on_link([](bool up) { base::log_info("hub {}", up ? "there" : "away"); });
    pump();
}

void HubLink::request(std::string_view verb, std::string_view json, events::ReplyHandler done,
                      int64_t wait_ms) {
    client_->request(verb, json, wait_ms, std::move(done));
    // Sending may have used up the descriptor's edge: look once more as soon as the loop turns.
    alarm_.set(0);
}

void HubLink::command(const Command& command, events::ReplyHandler done) {
    events::Event event;
    event.id = base::random_hex(16);
    event.source = "console";
    event.time = base::rfc3339(base::wall_ns());
    event.type = command.type;
    event.subject = command.subject;
    event.data = command.data;
    nlohmann::json body = {
        {"expires_ms", kHubWaitMs},
        {"sent_ns", base::wall_ns() + client_->clock_offset_ns()},
        {"event", nlohmann::json::parse(events::to_json(event), nullptr, false)}};
    if (!command.session.empty()) body["session"] = command.session;
    request("command", body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
            std::move(done));
}

void HubLink::pump() {
    client_->pump();
    alarm_.set(client_->next_wake_ns());
}

}  // namespace bw::console
