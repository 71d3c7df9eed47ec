// SPDX-License-Identifier: Apache-2.0
#include "core/hub/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/events/json.h"

namespace bw::hub {

using events::integer_of;
using events::text_of;
using nlohmann::json;

namespace {

constexpr int64_t kPressWindowNs = 2 * base::kSecond;
// Longer than any command lives, so a second copy is always met.
constexpr int64_t kRememberNs = 120 * base::kSecond;
constexpr int64_t kMaxExpiryMs = 60'000;

// The hub's wall clock when the command dies.
int64_t dies_at(const json& body, int64_t now) {
    const int64_t expires_ms = std::clamp<int64_t>(
        integer_of(body, "expires_ms", events::kDefaultExpiryMs), 1, kMaxExpiryMs);
    // A sender whose clock runs ahead must not make its command live longer; and from before 1970
    // no difference can be made of it.
    const int64_t sent = std::clamp<int64_t>(integer_of(body, "sent_ns", now), 0, now);
    return sent + expires_ms * base::kMillisecond;
}

}  // namespace

void Commands::run(const Peer& from, const json& body, ReplyFn reply) {
    const json& event = body["event"];
    const int64_t now = base::wall_ns(), until = dies_at(body, now);
    People::Passage passage = people_.judge(from, body);
    const auto refuse = [&](const char* code, const std::string& why) {
        people_.note(std::move(passage.entry), why);
        reply(refusal(code, why));
    };
    if (now >= until)
        return refuse("expired", fmt::format("the command is {} ms too old",
                                             (now - until) / base::kMillisecond));
    const std::optional<LiveCommand> command = LiveCommand::of(event);
    if (!command) {
        json refused = refusal_in(text_of(event, "space"));
        people_.note(std::move(passage.entry), text_of(refused, "text"));
        return reply(std::move(refused));
    }
    std::string fault = registry_.command_fault(text_of(event, "type"), from.name);
    if (fault.empty()) fault = press_fault(from);
    if (fault.empty()) fault = passage.why_not;
    if (!fault.empty()) return refuse("refused", fault);
    if (json refused = contracts_.refusal_of_event(event, from.name); !refused.is_null()) {
        people_.note(std::move(passage.entry), text_of(refused, "text"));
        return reply(std::move(refused));
    }
    const std::string key = from.name + '\n' + text_of(event, "id");
    Once& once = once_[key];
    if (once.done) return reply(*once.reply);
    once.waiting.push_back(std::move(reply));
    if (once.waiting.size() > 1) return;
    once.forget_ns = base::mono_ns() + kRememberNs;
    people_.note(std::move(passage.entry), "");
    const std::string by = passage.by;
    execute(*command, by, until, [this, key, command = *command, by](json result) {
        finished(key, command, by, std::move(result));
    });
}

/// For people: whoever pressed something there has to know that nothing came of it.
json Commands::refusal_in(const std::string& space) const {
    const std::string kind = spaces_.kind_of(space);
    if (kind.empty()) return refusal("unknown", spaces_.fault(space));
    json refused = refusal(
        "refused", fmt::format("this is the {} {}: nothing is sent from it and nothing is done in "
                               "the field; commands act in live alone",
                               kind, space));
    refused["space"] = space;
    refused["kind"] = kind;
    return refused;
}

std::string Commands::press_fault(const Peer& from) const {
    if (!from.is("panel:")) return {};
    const auto press = presses_.find(from.name.substr(6));
    if (press != presses_.end() && base::mono_ns() - press->second <= kPressWindowNs) return {};
    return "a panel may send a command only within 2 s after a press on one of its panes";
}

void Commands::execute(const LiveCommand& command, const std::string& by, int64_t until_ns,
                       ReplyFn reply) {
    const auto own = own_.find(command.type());
    if (own != own_.end()) return own->second(command, by, std::move(reply));
    forward(command, until_ns, std::move(reply));
}

void Commands::forward(const LiveCommand& command, int64_t until_ns, ReplyFn reply) {
    const std::string topic = command.type() + "/" + command.subject();
    const Peer* handler = peers_.handler_of(topic);
    if (handler == nullptr)
        return reply(refusal("unknown", "nobody handles " + topic + " at the moment"));
    const std::string id = fmt::format("c{}", next_id_++);
    const json body = {{"id", id}, {"event", command.event()}, {"until_ns", until_ns}};
    if (send_(handler->route, {"command", body.dump()}) != events::Socket::Sent::yes)
        return reply(refusal("refused", handler->name + " takes no more at the moment"));
    const int64_t deadline = base::mono_ns() + (until_ns - base::wall_ns());
    forwarded_[id] = {handler->route, std::move(reply), deadline};
}

void Commands::finished(const std::string& key, const LiveCommand& command, const std::string& by,
                        json reply) {
    facts_.note_command(command.event(), by, reply);
    Once& once = once_[key];
    once.done = true;
    once.reply = std::make_shared<const json>(reply);
    std::vector<ReplyFn> waiting;
    waiting.swap(once.waiting);
    for (const ReplyFn& answer : waiting) answer(reply);
}

void Commands::answer(const Peer& from, const json& body) {
    const auto found = forwarded_.find(text_of(body, "id"));
    if (found == forwarded_.end() || found->second.route != from.route) return;
    const ReplyFn reply = std::move(found->second.reply);
    forwarded_.erase(found);
    json result = body;
    result.erase("id");
    if (!result.contains("ok") || !result["ok"].is_boolean()) result["ok"] = false;
    reply(std::move(result));
}

void Commands::peer_left(const Peer& peer) {
    std::vector<ReplyFn> lost;
    for (auto it = forwarded_.begin(); it != forwarded_.end();) {
        if (it->second.route == peer.route) {
            lost.push_back(std::move(it->second.reply));
            it = forwarded_.erase(it);
        } else {
            ++it;
        }
    }
    for (const ReplyFn& reply : lost)
        reply(refusal("refused", peer.name + " left before it answered"));
}

void Commands::pressed(const std::string& plugin) {
    presses_[plugin] = base::mono_ns();
}

void Commands::tick(int64_t now) {
    std::vector<ReplyFn> late;
    for (auto it = forwarded_.begin(); it != forwarded_.end();) {
        if (now >= it->second.deadline_ns) {
            late.push_back(std::move(it->second.reply));
            it = forwarded_.erase(it);
        } else {
            ++it;
        }
    }
    for (const ReplyFn& reply : late) reply(refusal("timeout", "no answer in time"));
    std::erase_if(once_, [now](const auto& entry) {
        return entry.second.done && now >= entry.second.forget_ns;
    });
}

int64_t Commands::next_wake_ns() const {
    int64_t wake = INT64_MAX;
    for (const auto& [id, forwarded] : forwarded_) wake = std::min(wake, forwarded.deadline_ns);
    return wake;
}

}  // namespace bw::hub
