// SPDX-License-Identifier: Apache-2.0
// The control link: what the supervisor says, and the plugins' processes that it names, each behind
// a socket of its own.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/log.h"
#include "core/hub/hub.h"

namespace bw::hub {

bool Hub::read_control() {
    for (;;) {
        auto received = channel_.receive();
        if (!received) return received.error().code == "empty";
        const control::Message& message = received->message;
        switch (message.kind) {
            case control::Kind::plug:
                plug(message);
                break;
            case control::Kind::unplug:
                unplug(message);
                break;
            case control::Kind::reloaded:
                plugin_reloaded(std::string(message.name_view()),
                                message.value[0] != 0 ? "" : std::string(message.text_view()));
                break;
            case control::Kind::role:
                status_.role(message);
                break;
            case control::Kind::address:
                status_.address(std::string(message.text_view()));
                break;
            case control::Kind::stop:
                return false;
            default:
                break;
        }
    }
}

void Hub::plug(const control::Message& message) {
    Plug plug;
    plug.name = message.name_view();
    plug.route = fmt::format("{}#{}", plug.name, message.incarnation);
    plug.incarnation = message.incarnation;
    plug.endpoint = "ipc://" + std::string(message.text_view());
    if (plug_of(plug.route) != nullptr) return;
    if (const auto connected = socket_.connect_as(plug.endpoint, plug.route); !connected) {
        base::log_error("{} cannot be reached: {}", plug.name, connected.error().text);
        return;
    }
    plugs_.push_back(plug);
    // It may still believe in the hub before us.
    goodbye(plug.route, "say hello");
}

void Hub::unplug(const control::Message& message) {
    const std::string route = fmt::format("{}#{}", message.name_view(), message.incarnation);
    peers_.drop(route, "its process ended");
    for (auto it = plugs_.begin(); it != plugs_.end(); ++it) {
        if (it->route != route) continue;
        socket_.disconnect(it->endpoint);
        plugs_.erase(it);
        return;
    }
}

const Hub::Plug* Hub::plug_of(const std::string& route) const {
    const auto found =
        std::find_if(plugs_.begin(), plugs_.end(), [&](const Plug& p) { return p.route == route; });
    return found == plugs_.end() ? nullptr : &*found;
}

/// A wall without rules runs nobody who follows them; a site may get its first ones any time.
void Hub::want_rules() {
    if (!sites_.site().has_rules) return;
    control::Message begin;
    begin.kind = control::Kind::begin;
    begin.set_name("rules");
    (void)channel_.send(begin);
}

}  // namespace bw::hub
