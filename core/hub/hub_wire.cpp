// SPDX-License-Identifier: Apache-2.0
// What arrives on the wire: the greeting rule, which verb is whose, and the replies.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/events/broken_json.h"
#include "core/events/json.h"
#include "core/hub/fields.h"
#include "core/hub/hub.h"

namespace bw::hub {

using events::text_of;
using nlohmann::json;

namespace {

constexpr size_t kMaxHandles = 64;
// Each may bring 1 MiB, and they are made faster than one that does not read takes them.
constexpr size_t kMaxAsking = 32;

std::string request_fault(const std::string& verb, const json& body) {
    // Taken for none, it would put what is said in an exercise into live.
    if (const auto space = body.find("space");
        space != body.end() && !space->is_null() && !space->is_string())
        return "space is the name of a space";
    return field_fault(verb, body);
}

}  // namespace

void Hub::read_wire() {
    events::Frames frames;
    const int64_t until = base::mono_ns() + kTurnNs;
    for (int i = 0; i < kMessagesPerTurn && base::mono_ns() < until; ++i) {
        if (!socket_.receive(frames)) {
            wire_left_ = false;
            return;
        }
        const std::string route = std::move(frames.front());
        frames.erase(frames.begin());
        // A local peer names its route itself: it must not get into another machine's place.
        if (!Remote::has(route)) handle(route, frames);
    }
}

void Hub::handle(const std::string& route, const events::Frames& frames, const Origin& origin) {
    // A route is free again when its connection is gone, which may not be known here yet.
    if (const Peer* there = peers_.find(route); there != nullptr && there->key != origin.key)
        peers_.drop(route, "its connection is gone");
    // The first word of a new connection (ZMQ_PROBE_ROUTER): who is there may still take us for the
    // hub before us.
    if (frames.size() == 1 && frames[0].empty()) return goodbye(route, "say hello");
    if (frames.size() < 2 || frames.size() > 3)
        return goodbye(route, "a message is a verb and a JSON object");
    json body;
    if (!events::read_json(frames[1], body) || !body.is_object()) {
        if (peers_.find(route) == nullptr) return goodbye(route, "say hello");
        return refuse_broken(route, frames[1], !body.is_null());
    }
    if (frames[0] == "hello") return hello(route, body, origin);
    Peer* peer = peers_.find(route);
    if (peer == nullptr) return goodbye(route, "say hello");
    peer->heard_ns = base::mono_ns();
    peers_.tell_missed(*peer);
    request(*peer, frames[0], frames, body);
}

void Hub::refuse_broken(const std::string& route, const std::string& text, bool json_at_least) {
    constexpr const char* kNone = "the second frame is not a JSON object";
    if (json_at_least) return reply(route, "", refusal("invalid", kNone));
    const events::BrokenJson broken = events::look_at_broken(text);
    reply(route, broken.id, refusal("invalid", fmt::format("{}: {}", kNone, broken.why)));
}

void Hub::goodbye(const std::string& route, const char* reason) {
    (void)send_(route, {"goodbye", json{{"reason", reason}}.dump()});
}

void Hub::reply(const std::string& route, const std::string& id, json body,
                const std::string& piece) {
    body["id"] = id;
    events::Frames frames;
    frames.emplace_back("reply");
    frames.push_back(body.dump(-1, ' ', false, json::error_handler_t::replace));
    if (!piece.empty()) frames.push_back(piece);
    if (send_(route, frames) != events::Socket::Sent::full) return;
    // One that asks and never reads shall not fill the log.
    const int64_t now = base::mono_ns();
    if (++lost_replies_, now < tell_lost_ns_) return;
    tell_lost_ns_ = now + 10 * base::kSecond;
    const Peer* peer = peers_.find(route);
    base::log_warning("{} replies are lost: {} does not read", std::exchange(lost_replies_, 0),
                      peer == nullptr ? "a peer" : peer->name);
}

ReplyFn Hub::replier(const std::string& route, const json& body) {
    const std::string id = text_of(body, "id");
    return [this, route, id](json result) {
        if (id.empty() && result.value("ok", false)) return;
        reply(route, id, std::move(result));
    };
}

void Hub::answered(const std::string& route, const std::string& cycle) {
    Peer* peer = peers_.find(route);
    if (peer != nullptr && peer->cycle == cycle && peer->asking > 0) --peer->asking;
}

ReplyFn Hub::counted(Peer& peer, const json& body) {
    ++peer.asking;
    const ReplyFn answer = replier(peer.route, body);
    return [this, route = peer.route, cycle = peer.cycle, answer](json result) {
        answered(route, cycle);
        answer(std::move(result));
    };
}

json Hub::request_refusal(const Peer& peer, const std::string& verb, const json& body) {
    if (const std::string fault = people_.verb_fault(peer, verb, body); !fault.empty())
        return refusal(fault.rfind("there is no verb", 0) == 0 ? "invalid" : "refused", fault);
    if (const std::string fault = request_fault(verb, body); !fault.empty()) {
        if (verb == "command") people_.note_no_command(peer, body, fault);
        return refusal("invalid", fault);
    }
    if (peer.asking >= kMaxAsking && (verb == "events" || verb == "audit" || verb == "blob"))
        return refusal("full", "too many requests at once: wait for the replies to the others");
    return {};
}

void Hub::request(Peer& peer, const std::string& verb, const events::Frames& frames, json& body) {
    if (verb == "beat") return;
    if (json refused = request_refusal(peer, verb, body); !refused.is_null())
        return replier(peer.route, body)(std::move(refused));
    if (verb == "credit")
        return peers_.give_credit(
            peer, static_cast<uint64_t>(std::max<int64_t>(0, events::integer_of(body, "to", 0))));
    if (verb == "publish") return publish(peer, body, frames[1].size());
    if (verb == "subscribe") return subscribe(peer, body);
    if (verb == "command") return command(peer, body, frames[1].size());
    if (verb == "answer") return commands_.answer(peer, body);
    if (verb == "record") return record(peer, body);
    if (verb == "events") return query_events(peer, body);
    if (verb == "journal") return import_journal(peer, body);
    const ReplyFn answer = replier(peer.route, body);
    if (verb == "status") return status_.ask(answer);
    if (verb == "sign_in") return people_.sign_in(peer, body, answer);
    if (verb == "sign_out") return people_.sign_out(peer, body, answer);
    if (verb == "people") return people_.whoami(peer, body, answer);
    if (verb == "commands") return answer(people_.commands());
    if (verb == "audit") return query_audit(body, counted(peer, body));
    if (verb == "spaces") return answer(list_spaces());
    if (verb == "layouts") return answer({{"ok", true}, {"layouts", scenes_.layouts()}});
    if (verb == "handle") return handle_more(peer, body.value("prefixes", json()), answer);
    if (verb == "blob") return blob(peer, frames, body);
    answer(refusal("invalid", "there is no verb " + verb));
}

// All of them or none: who is told yes waits for their commands.
void Hub::handle_more(Peer& peer, const json& prefixes, const ReplyFn& answer) {
    if (peer.is("panel:")) return answer(refusal("refused", "a panel handles no commands"));
    if (!prefixes.is_array())
        return answer(refusal("invalid", "prefixes is a list of at most 64 texts"));
    for (const json& prefix : prefixes)
        if (!prefix.is_string() || prefix.get_ref<const std::string&>().size() > kMaxText)
            return answer(refusal("invalid", "a prefix is a text of at most 512 bytes"));
    std::vector<std::string> all = peer.handles;
    for (const json& prefix : prefixes)
        if (auto text = prefix.get<std::string>();
            std::find(all.begin(), all.end(), text) == all.end())
            all.push_back(std::move(text));
    if (all.size() > kMaxHandles)
        return answer(refusal("full", "a peer handles at most 64 prefixes"));
    peer.handles = std::move(all);
    answer({{"ok", true}});
}

void Hub::blob(Peer& peer, const events::Frames& frames, const json& body) {
    ++peer.asking;
    const BlobReply with_piece = [this, route = peer.route, cycle = peer.cycle,
                                  id = text_of(body, "id")](json result, const std::string& piece) {
        answered(route, cycle);
        reply(route, id, std::move(result), piece);
    };
    if (text_of(body, "op") == "get") return blobs_.get(body, with_piece);
    blobs_.put(peer.route, body, frames.size() == 3 ? frames[2] : std::string(), with_piece);
}

}  // namespace bw::hub
