// SPDX-License-Identifier: Apache-2.0
// The verbs that carry facts, but for records: subscribe, publish, command; and the audit's.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/rfc3339.h"
#include "core/events/cloud_event.h"
#include "core/events/json.h"
#include "core/hub/hub.h"

namespace bw::hub {

using events::integer_of;
using events::text_of;
using nlohmann::json;

namespace {

constexpr size_t kMaxPrefixes = 256;

// Why `body.event` is not an event that may come in; empty: it may. It is then in `event`, and no
// longer in `body`. `bytes`: of the frame that it came in.
std::string take_event(json& body, size_t bytes, const Registry& registry, json& event) {
    const auto found = body.find("event");
    if (found == body.end() || !found->is_object()) return "the field event is missing";
    if (std::string fault = events::cloud_event_fault(*found); !fault.empty()) return fault;
    const size_t most = registry.most_bytes(text_of(*found, "type"));
    // What does not fit may be its envelope or white space.
    if (bytes > most) bytes = found->dump().size();
    if (bytes > most)
        return fmt::format("an event of {} bytes; at most {}: put the rest in a blob", bytes, most);
    event = std::move(*found);
    for (const char* ours : {"sequence", "revision", "tombstone", "recordedtime"})
        event.erase(ours);
    // An attribute that is null is one that is not there.
    for (auto it = event.begin(); it != event.end();)
        it = it->is_null() && it.key() != "data" ? event.erase(it) : std::next(it);
    return {};
}

/// Where a request belongs: what it says, else where its peer is.
std::string space_of(const Peer& peer, const json& body) {
    return text_of(body, "space", peer.space);
}

}  // namespace

json Hub::read_prefixes(const Peer& peer, const json& body, Interest& interest) const {
    const json list = body.value("prefixes", json());
    if (!list.is_array() || list.size() > kMaxPrefixes)
        return refusal("invalid", "prefixes is a list of at most 256 texts");
    for (const json& prefix : list) {
        if (!prefix.is_string() || prefix.get_ref<const std::string&>().size() > kMaxText)
            return refusal("invalid", "a prefix is a text of at most 512 bytes");
        interest.prefixes.push_back(prefix.get<std::string>());
        if (const std::string fault =
                registry_.subscribe_fault(interest.prefixes.back(), peer.name);
            !fault.empty())
            return refusal("refused", fault);
    }
    interest.space = space_of(peer, body);
    return {};
}

json Hub::subscribe_refusal(const Peer& peer, const Interest& interest,
                            const std::string& from) const {
    if (const std::string fault = spaces_.fault(interest.space); !fault.empty())
        return refusal("unknown", fault);
    if (from == "sequence" && spaces_.is_replay(interest.space))
        return refusal("refused", "the journal has nothing of the replay " + interest.space +
                                      ": subscribe with a snapshot");
    if (!peer.has_room(interest, from == "sequence"))
        return refusal("full",
                       "you subscribe to too much: at most 4096 prefixes, and 256 "
                       "subscriptions from a sequence");
    if (from != "now" && from != "snapshot" && from != "sequence")
        return refusal("invalid", "from is now, snapshot or sequence");
    return {};
}

void Hub::subscribe(Peer& peer, const json& body) {
    const ReplyFn answer = replier(peer.route, body);
    Interest interest;
    if (json refused = read_prefixes(peer, body, interest); !refused.is_null())
        return answer(std::move(refused));
    const std::string from = text_of(body, "from", "now");
    if (json refused = subscribe_refusal(peer, interest, from); !refused.is_null())
        return answer(std::move(refused));
    const int64_t since =
        integer_of(body, "since", body.contains("since") ? -1 : int64_t(facts_.sequence()));
    if (since < 0) return answer(refusal("invalid", "since is a sequence: a whole number from 0"));
    if (peer.is("compositor:")) scenes_.compositor_listens();
    std::vector<StoredPtr> snapshot;
    if (from == "snapshot") snapshot = facts_.snapshot(interest.space, interest.prefixes);
    const int64_t to = integer_of(body, "to", 0);
    if (to > 0)
        peer.credit_to = std::max(peer.credit_to,
                                  std::min(static_cast<uint64_t>(to), peer.n + events::kMaxCredit));
    answer({{"ok", true}});
    if (from == "sequence")
        return peers_.subscribe_since(peer, interest, static_cast<uint64_t>(since));
    const std::string route = peer.route;  // one that does not read is dropped
    peers_.subscribe(peer, interest, std::move(snapshot));
    if (const Peer* still = peers_.find(route)) status_.listens(*still);
}

void Hub::publish(Peer& peer, json& body, size_t bytes) {
    const ReplyFn answer = replier(peer.route, body);
    json event;
    if (const std::string fault = take_event(body, bytes, registry_, event); !fault.empty())
        return answer(refusal("invalid", fault));
    const std::string type = text_of(event, "type"), space = space_of(peer, body);
    if (const std::string fault = spaces_.stray_fault(text_of(event, "space"), space);
        !fault.empty())
        return answer(refusal("invalid", fault));
    if (const std::string fault = spaces_.write_fault(space); !fault.empty())
        return answer(refusal(spaces_.kind_of(space).empty() ? "unknown" : "refused", fault));
    if (const std::string fault = registry_.publish_fault(type, peer.name); !fault.empty())
        return answer(refusal("refused", fault));
    if (json refused = contracts_.refusal_of_event(event, peer.name); !refused.is_null())
        return answer(std::move(refused));
    const std::string lane = text_of(body, "lane", "telemetry");
    if (lane == "durable") return facts_.durable(std::move(event), peer.name, space, answer);
    if (lane != "telemetry") return answer(refusal("invalid", "lane is telemetry or durable"));
    const std::string name = peer.name;  // delivering may drop the sender
    const bool of_wall = space == kLive && (peer.is("compositor:") || peer.is("media:"));
    const json copy = of_wall ? event : json();
    facts_.telemetry(std::move(event), name, space);
    answer({{"ok", true}});
    if (copy.is_object()) observe(name, copy);
}

// What compositors and media say to the hub itself.
void Hub::observe(const std::string& sender, const json& event) {
    const std::string type = text_of(event, "type");
    const json data = event.value("data", json::object());
    if (type == "beaconwall.compositor.ready.v1") scenes_.ready(sender, data);
    if (type == "beaconwall.compositor.taken.v1") scenes_.taken(sender, data);
    if (type == "beaconwall.compositor.on_air.v1") scenes_.on_air(data);
    if (type == "beaconwall.compositor.press.v1") commands_.pressed(text_of(data, "plugin"));
    if (type == "beaconwall.compositor.report.v1" || type == "beaconwall.media.report.v1")
        status_.report(sender, data);
}

void Hub::command(Peer& peer, json& body, size_t bytes) {
    json event;
    std::string fault = take_event(body, bytes, registry_, event);
    if (fault.empty()) fault = spaces_.stray_fault(text_of(event, "space"), space_of(peer, body));
    if (!fault.empty()) {
        people_.note_no_command(peer, body, fault);
        return replier(peer.route, body)(refusal("invalid", fault));
    }
    event["source"] = People::sender_of(peer, body);
    event["space"] = space_of(peer, body);
    body["event"] = std::move(event);
    commands_.run(peer, body, replier(peer.route, body));
}

void Hub::query_audit(const json& body, const ReplyFn& answer) {
    int64_t since = INT64_MIN;
    if (body.contains("since")) {
        const auto time = base::read_rfc3339(text_of(body, "since"));
        if (!time) return answer(refusal("invalid", "since: " + time.error().text));
        since = *time;
    }
    audit_.read(static_cast<uint64_t>(std::max<int64_t>(0, integer_of(body, "after", 0))), since,
                static_cast<size_t>(std::clamp<int64_t>(integer_of(body, "limit", 200), 1, 500)),
                answer);
}

}  // namespace bw::hub
