// SPDX-License-Identifier: Apache-2.0
// Greetings: who may come under which name, and who has to go for it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/version.h"
#include "core/events/json.h"
#include "core/hub/fields.h"
#include "core/hub/hub.h"

namespace bw::hub {

using events::text_of;
using nlohmann::json;

namespace {

bool is_name(const std::string& name) {
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.' || c == ':';
    });
}

}  // namespace

std::string Hub::name_fault(const std::string& route, const Origin& origin,
                            std::string& name) const {
    if (const access::Key* key = people_.key(origin.key)) {
        name = "key:" + key->name;  // whose key it is says who it is
        return {};
    }
    if (const Plug* plug = plug_of(route)) {
        name = plug->name;  // who made the socket says who it is
        return {};
    }
    if (!is_name(name)) return "a name has 1 to 64 letters, digits, - _ . :";
    for (const char* kept : {"service:", "panel:", "hub", "rule:"})
        if (name.rfind(kept, 0) == 0)
            return "the name " + name + " belongs to processes of the supervisor";
    if (name.rfind("key:", 0) == 0) return "the name " + name + " belongs to another machine's key";
    return {};
}

void Hub::hello(const std::string& route, const json& body, const Origin& origin) {
    const std::string id = text_of(body, "id"), cycle = text_of(body, "cycle");
    std::string name = text_of(body, "name");
    if (events::integer_of(body, "protocol", 0) != events::kProtocol)
        return reply(route, id, refusal("refused", "this hub speaks protocol 1"));
    if (const std::string fault = field_fault("hello", body); !fault.empty())
        return reply(route, id, refusal("invalid", fault));
    if (cycle.size() > kMaxText || text_of(body, "space").size() > kMaxText)
        return reply(route, id, refusal("invalid", "cycle and space have at most 512 bytes"));
    if (const std::string fault = name_fault(route, origin, name); !fault.empty())
        return reply(route, id, refusal("refused", fault));
    std::string token;
    if (body.contains("token") && plug_of(route) == nullptr)
        if (const std::string fault = people_.token_fault(name, text_of(body, "token"), token);
            !fault.empty())
            return reply(route, id, refusal("refused", fault));
    const Peer* known = peers_.find(route);
    if (known == nullptr || known->cycle != cycle || known->token != token)
        let_in(route, name, token, body, origin);
    json greeting = {{"ok", true},
                     {"session", session_},
                     {"name", name},
                     {"protocol", events::kProtocol},
                     {"version", BEACONWALL_VERSION},
                     {"sequence", facts_.sequence()},
                     {"wall_ns", base::wall_ns()},
                     {"mono_ns", base::mono_ns()}};
    if (json cut = remote_.take_cut(origin.key); !cut.is_null()) greeting["cut"] = std::move(cut);
    reply(route, id, std::move(greeting));
}

void Hub::let_in(const std::string& route, const std::string& name, const std::string& token,
                 const json& hello, const Origin& origin) {
    fence(route, name);
    Peer& peer =
        peers_.greet(route, name, text_of(hello, "space", "live"), text_of(hello, "cycle"));
    peer.token = token;
    peer.bundles = hello.value("bundles", json()) == true;
    peer.key = origin.key;
    peer.address = origin.address;
    peer.heard_ns = base::mono_ns();
    base::log_debug("{} is here", name);
    const Plug* plug = plug_of(route);
    if (plug == nullptr) return;
    control::Message greeted;
    greeted.kind = control::Kind::greeted;
    greeted.set_name(plug->name);
    greeted.incarnation = plug->incarnation;
    (void)channel_.send(greeted);
}

// Of these there is one at a time: a newer incarnation ends the older one's stay. Panels only look:
// during a reload two of a name do.
void Hub::fence(const std::string& route, const std::string& name) {
    const auto alone = {"compositor:", "media:", "console", "rules", "service:"};
    if (std::none_of(alone.begin(), alone.end(),
                     [&](const char* role) { return name.rfind(role, 0) == 0; }))
        return;
    std::vector<std::string> older;
    peers_.each([&](const Peer& peer) {
        if (peer.name == name && peer.route != route) older.push_back(peer.route);
    });
    for (const std::string& old : older) {
        peers_.drop(old, "a newer one of its name is here");
        (void)send_(
            old, {"goodbye",
                  json{{"reason", "a newer one of your name is here"}, {"replaced", true}}.dump()});
    }
}

}  // namespace bw::hub
