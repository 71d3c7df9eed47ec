// SPDX-License-Identifier: Apache-2.0
// The server's half about people: the door, signing in and out, and what they should look at.
#include <fmt/core.h>

#include <memory>
#include <utility>

#include "core/base/clock.h"
#include "core/console/api.h"
#include "core/console/server.h"
#include "core/console/server_entry.h"

namespace bw::console {
namespace {

// A page of records has up to 1 MiB.
constexpr int kMaxPages = 8;
// A password takes the hub a tenth of a second, and others may be before it.
constexpr int64_t kSignInWaitMs = 10'000;
constexpr const char* kSignInPage = "/sign-in";
const Refusal kSignIn{401, "sign_in", "This wall has operators: sign in."};

}  // namespace

std::string Server::cookie() const {
    return fmt::format("beaconwall-{}", port_);
}

bool Server::turned_away(const Entry* entry, const Exchange& exchange) const {
    if (entry != nullptr && entry->open) return false;
    return sign_in_needed() && exchange.cookie(cookie()).empty();
}

void Server::send_to_sign_in(Exchange& exchange, const std::string& path) {
    if (path == "/") return exchange.redirect(kSignInPage);
    exchange.refuse(kSignIn);
}

void Server::through_door(const Call& call, const Entry& entry, const std::string& path) {
    const std::string session = call->cookie(cookie());
    call->set_session(session);
    if (door_.fresh(session)) return (this->*entry.serve)(call, path);
    if (*pending_ >= kMaxPending) return call->refuse(kBusy);
    later(call);
    door_.ask(session, [this, call, &entry, path, pending = pending_](Door::Verdict verdict) {
        --*pending;
        if (verdict == Door::Verdict::in) return (this->*entry.serve)(call, path);
        if (verdict == Door::Verdict::out || path == "/") return send_to_sign_in(*call, path);
        call->refuse(kHubAway);
    });
}

void Server::people(const Call& call, const std::string&) {
    const std::string session = sign_in_needed() ? call->cookie(cookie()) : std::string();
    if (session.empty())
        return call->reply(200, kJsonType, people_json("{}", sign_in_needed(), wall_));
    if (!hub_is_there(call)) return;
    later(call);
    hub_.request("people", with_session("{}", session),
                 [call, wall = wall_, pending = pending_](const events::Reply& reply) {
                     --*pending;
                     const Answer answer = to_answer(reply);
                     if (answer.status != 200)
                         return call->reply(answer.status, kJsonType, answer.body);
                     call->reply(200, kJsonType, people_json(reply.body, true, wall));
                 });
}

void Server::sign_in(const Call& call, const std::string&) {
    const auto body = sign_in_body(call->body());
    if (!body) return call->refuse({400, body.error().code, body.error().text});
    if (!hub_is_there(call)) return;
    later(call);
    const auto answered = [call, name = cookie(), pending = pending_](const events::Reply& reply) {
        --*pending;
        if (!reply.ok) return call->refuse(sign_in_refusal(reply));
        const SignedIn done = signed_in(reply, base::wall_ns());
        call->set_cookie(name, done.session, done.seconds);
        call->reply(200, kJsonType, done.body);
    };
    hub_.request("sign_in", *body, answered, kSignInWaitMs);
}

/// The browser forgets the session whatever the hub says of it.
void Server::sign_out(const Call& call, const std::string&) {
    const std::string session = call->cookie(cookie());
    call->set_cookie(cookie(), "", 0);
    if (session.empty()) return call->reply(200, kJsonType, std::string_view("{}"));
    door_.forget(session);
    if (!hub_is_there(call)) return;
    later(call);
    hub_.request("sign_out", with_session("{}", session),
                 [call, pending = pending_](const events::Reply& reply) {
                     --*pending;
                     // Unknown: it had ended already.
                     if (reply.ok || reply.code == "unknown")
                         return call->reply(200, kJsonType, std::string_view("{}"));
                     const Answer answer = to_answer(reply);
                     call->reply(answer.status, kJsonType, answer.body);
                 });
}

void Server::attention(const Call& call, const std::string&) {
    if (!hub_is_there(call)) return;
    later(call);
    more_attention(call, "", {}, kMaxPages);
}

void Server::more_attention(const Call& call, const std::string& after, AttentionList list,
                            int pages) {
    const auto answered = [this, alive = std::weak_ptr<int>(alive_), pending = pending_, call,
                           list = std::move(list), pages](const events::Reply& reply) mutable {
        if (alive.expired()) return;
        const Answer answer = to_answer(reply);
        const std::string last = reply.ok ? list.add(reply.body) : "";
        if (!last.empty() && pages > 1)
            return more_attention(call, last, std::move(list), pages - 1);
        --*pending;
        if (!reply.ok) return call->reply(answer.status, kJsonType, answer.body);
        call->reply(200, kJsonType, list.to_json());
    };
    hub_.request("record", with_session(attention_request(after), call->session()), answered);
}

void Server::acknowledge(const Call& call, const std::string&) {
    const auto subject = acknowledged_subject(call->body());
    if (!subject) return call->refuse({400, subject.error().code, subject.error().text});
    send(call, {"beaconwall.attention.acknowledge.v1", "{}", *subject});
}

}  // namespace bw::console
