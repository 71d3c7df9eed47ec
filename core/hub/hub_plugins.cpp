// SPDX-License-Identifier: Apache-2.0
// What is done to plugins: started anew, or replaced by a new version while they run. The
// supervisor does it; the hub knows who asked and what the manifests say.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/events/json.h"
#include "core/hub/hub.h"

namespace bw::hub {

using nlohmann::json;

namespace {

const config::Plugin* find(const std::vector<config::Plugin>& all, const std::string& name) {
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const config::Plugin& p) { return p.name == name; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

void Hub::handle_plugin_commands() {
    using Act = void (Hub::*)(const std::string&, ReplyFn);
    const auto handle = [this](const char* type, Act act) {
        commands_.handle(type, [this, act](const LiveCommand& command, const std::string& /*by*/,
                                           ReplyFn reply) {
            const std::string subject = command.subject();
            const std::string name = subject.rfind("plugin/", 0) == 0 ? subject.substr(7) : "";
            if (!base::is_safe_name(name))
                return reply(refusal("invalid", "the subject is plugin/NAME"));
            (this->*act)(name, std::move(reply));
        });
    };
    handle("beaconwall.plugin.restart.v1", &Hub::restart_plugin);
    handle("beaconwall.plugin.reload.v1", &Hub::reload_plugin);
}

bool Hub::tell_supervisor(control::Kind kind, const std::string& plugin) {
    control::Message message;
    message.kind = kind;
    message.set_name("plugin/" + plugin);
    return channel_.send(message).ok();
}

void Hub::restart_plugin(const std::string& name, ReplyFn reply) {
    if (find(registry_.plugins(), name) == nullptr)
        return reply(refusal("unknown", "there is no plugin " + name));
    if (!tell_supervisor(control::Kind::restart, name))
        return reply(refusal("system", "the supervisor does not listen"));
    reply({{"ok", true}, {"plugin", name}});
}

/// Its manifest and its schemas are read again, because the new version may have other permissions
/// and types; the others stay as they were when the wall started. Files are read on a thread of
/// their own.
void Hub::reload_plugin(const std::string& name, ReplyFn reply) {
    if (find(registry_.plugins(), name) == nullptr)
        return reply(refusal("unknown", "there is no plugin " + name));
    std::vector<ReplyFn>& waiting = reloads_[name];
    waiting.push_back(std::move(reply));
    if (waiting.size() > 1) return;  // it is on its way
    manifests_.post([this, name] {
        auto read = std::make_shared<Plugins>(config::find_plugins(base::plugin_folders()));
        mailbox_.post([this, name, read] { manifest_read(name, *read); });
    });
}

void Hub::manifest_read(const std::string& name, const Plugins& read) {
    const config::Plugin* old = find(registry_.plugins(), name);
    const config::Plugin* now = find(read.value, name);
    if (now == nullptr) {
        std::string why = "its folder is gone";
        for (const config::Fault& fault : read.faults)
            if (fault.file.find("/" + name + "/") != std::string::npos)
                why = config::to_string(fault);
        return plugin_reloaded(name, why);
    }
    if (now->library != old->library || now->service != old->service)
        return plugin_reloaded(name,
                               "its library or service has another name or place than when the "
                               "wall started: end the wall and start it again");
    registry_.renew(*now);
    if (!tell_supervisor(control::Kind::reload, name))
        plugin_reloaded(name, "the supervisor does not listen");
}

void Hub::plugin_reloaded(const std::string& name, const std::string& why_not) {
    std::vector<ReplyFn> waiting = std::move(reloads_[name]);
    reloads_.erase(name);
    const config::Plugin* plugin = find(registry_.plugins(), name);
    for (const ReplyFn& reply : waiting) {
        if (!why_not.empty())
            reply(refusal("refused", "the old one stays: " + why_not));
        else
            reply({{"ok", true}, {"plugin", name}, {"version", plugin ? plugin->version : ""}});
    }
}

}  // namespace bw::hub
