// SPDX-License-Identifier: Apache-2.0
// The API's half about people: who is signed in, and what they should look at.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/base/clock.h"
#include "core/console/api.h"
#include "core/console/api_json.h"
#include "core/events/json.h"

namespace bw::console {

using events::text_of;
using nlohmann::json;

namespace {

constexpr size_t kMaxSubjectBytes = 256, kMaxSignInBytes = 256;

}  // namespace

base::Result<std::string> acknowledged_subject(std::string_view body) {
    auto object = parse_object(body, {"subject"});
    if (!object) return object.error();
    std::string subject = text_of(*object, "subject");
    if (subject.empty() || subject.size() > kMaxSubjectBytes) {
        return invalid("\"subject\" must be the one of an item of attention, RULE/SUBJECT.");
    }
    return subject;
}

base::Result<std::string> sign_in_body(std::string_view body) {
    auto object = parse_object(body, {"name", "password"});
    if (!object) return object.error();
    for (const char* key : {"name", "password"}) {
        const std::string text = text_of(*object, key);
        if (text.empty() || text.size() > kMaxSignInBytes) {
            return invalid(std::string("\"") + key + "\" must be a text of 1 to 256 bytes.");
        }
    }
    return dump(*object);
}

std::string with_session(std::string json_text, const std::string& session) {
    if (session.empty()) return json_text;
    json object = json::parse(json_text, nullptr, false);
    if (!object.is_object()) object = json::object();
    object["session"] = session;
    return dump(object);
}

Refusal sign_in_refusal(const events::Reply& reply) {
    json body;
    if (!events::read_json(reply.body, body)) body = json::object();
    const std::string reason = text_of(body, "reason");
    if (reason == "wrong") return {401, reason, "Wrong name or password."};
    if (reason == "locked")
        return {429, reason, "Too many wrong passwords: this name has to wait.",
                std::max<int64_t>(1, events::integer_of(body, "retry_s", 60))};
    if (reason == "ended") return {403, reason, "This operator is none any more."};
    if (reason == "busy")
        return {503, reason, "Somebody is being signed in just now; try again.", 1};
    if (reason == "closed") return {503, reason, "The list of operators cannot be read.", 60};
    const int status = http_status(reply.code);
    return {status, reply.code, reply.text};
}

SignedIn signed_in(const events::Reply& reply, int64_t wall_ns) {
    json body;
    if (!events::read_json(reply.body, body)) body = json::object();
    SignedIn out;
    out.session = text_of(body, "session");
    const auto until = base::parse_rfc3339(text_of(body, "until"));
    out.seconds = std::max<int64_t>(1, (until.value_or(wall_ns) - wall_ns) / base::kSecond);
    json told = json::object();
    for (const char* key : {"name", "role", "until"}) told[key] = text_of(body, key);
    out.body = dump(told);
    return out;
}

std::string people_json(std::string_view people, bool configured, const std::string& wall) {
    json said, out = {{"configured", configured}};
    if (!events::read_json(people, said) || !said.is_object()) said = json::object();
    for (const char* key : {"name", "role", "title", "may", "until"})
        out[key] = configured ? said.value(key, json()) : json();
    out["wall"] = json::parse(wall, nullptr, false);
    return dump(out);
}

std::string name_of(std::string_view people) {
    json said;
    if (!events::read_json(people, said) || !said.is_object()) return {};
    const bool in = said.contains("fault") && said["fault"].is_null();
    return in ? text_of(said, "name") : "";
}

std::string attention_request(const std::string& after) {
    return dump({{"op", "list"}, {"type", "beaconwall.wall.attention.v1"}, {"after", after}});
}

std::string AttentionList::add(std::string_view reply) {
    json body;
    if (!events::read_json(reply, body) || !body.is_object()) return {};
    std::string last;
    for (const json& event : body.value("events", json::array())) {
        if (!event.is_object()) continue;
        json data = event.value("data", json::object());
        if (!data.is_object()) continue;
        last = text_of(event, "subject");
        // The record's own subject is what acknowledges it; the one of the event is `about`.
        data["about"] = text_of(data, "subject");
        data["subject"] = last;
        items_.push_back({text_of(data, "state") == "active", events::integer_of(data, "level", 1),
                          text_of(data, "since"), dump(data)});
    }
    return body.value("more", false) ? last : "";
}

std::string AttentionList::to_json() const {
    std::vector<const Item*> order;
    for (const Item& item : items_) order.push_back(&item);
    const size_t shown = std::min(order.size(), kMaxItems);
    std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(shown), order.end(),
                      [](const Item* a, const Item* b) {
                          return std::tie(b->active, b->level, b->since) <
                                 std::tie(a->active, a->level, a->since);
                      });
    json items = json::array();
    for (size_t i = 0; i < shown; ++i) items.push_back(json::parse(order[i]->data, nullptr, false));
    const auto active =
        std::count_if(items_.begin(), items_.end(), [](const Item& item) { return item.active; });
    return dump({{"items", items}, {"total", items_.size()}, {"active", active}});
}

}  // namespace bw::console
