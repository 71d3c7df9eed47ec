// SPDX-License-Identifier: Apache-2.0
#include "core/console/hub_link.h"

#include <utility>

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

void HubLink::request(std::string_view verb, std::string_view json, events::ReplyHandler done) {
    client_->request(verb, json, kHubWaitMs, std::move(done));
    // Sending may have used up the descriptor's edge: look once more as soon as the loop turns.
    alarm_.set(0);
}

void HubLink::command(std::string_view type, std::string data, events::ReplyHandler done) {
    events::Event event;
    event.type = type;
    event.subject = "wall";
    event.data = std::move(data);
    client_->command(std::move(event), kHubWaitMs, std::move(done));
    alarm_.set(0);
}

void HubLink::pump() {
    client_->pump();
    alarm_.set(client_->next_wake_ns());
}

}  // namespace bw::console
