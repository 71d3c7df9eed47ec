// SPDX-License-Identifier: Apache-2.0
// The verbs of people: signing in and out, and asking who one is.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/access/passwords.h"
#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/events/json.h"
#include "core/hub/people.h"

namespace bw::hub {

using access::AuditEntry;
using events::text_of;
using nlohmann::json;

void People::sign_in(const Peer& from, const json& body, ReplyFn reply) {
    const std::string name = text_of(body, "name"), password = text_of(body, "password");
    AuditEntry entry{
        base::wall_ns(), "operator:" + name, from.name, "verb:sign_in", "", "", false, ""};
    const auto refuse = [&](const char* code, const std::string& why) {
        note(entry, why);
        reply(refusal(code, why));
    };
    if (!from.key.empty())
        return refuse("refused", "nobody signs in from elsewhere: use an operator's token");
    if (!base::is_safe_name(name) || password.size() > access::kMaxPasswordBytes) {
        entry.who = "unknown";
        return refuse("refused", "wrong name or password");
    }
    const int64_t now = base::mono_ns();
    if (const int64_t until = lock_out_.locked_until(name, now))
        return refuse("refused",
                      fmt::format("too many wrong passwords: {} may try again in {} minutes", name,
                                  (until - now) / (60 * base::kSecond) + 1));
    // One at a time, so that no wrong password goes uncounted.
    if (signing_in_.contains(name))
        return refuse("refused", name + " is being signed in: wait for its end");
    if (signing_in_.size() >= kMaxSigningIn)
        return refuse("full", "too many people sign in at once: try again");
    signing_in_.insert(name);
    worker_.post([this, name, password, entry, reply = std::move(reply)] {
        const auto loaded = std::make_shared<Loaded>(load(folder_));
        const access::Operator* person = loaded->people.find(name);
        const bool right = access::is_password(password, person ? person->password : "");
        mailbox_.post([this, loaded, name, right, entry, reply] {
            take_over(std::move(*loaded));
            signed_in(name, right, entry, reply);
        });
    });
}

void People::signed_in(const std::string& name, bool right, AuditEntry entry,
                       const ReplyFn& reply) {
    signing_in_.erase(name);
    const int64_t now = base::wall_ns();
    const access::Operator* person = people_.find(name);
    std::string why;
    if (!right || person == nullptr) {
        const bool locked = lock_out_.failed(name, base::mono_ns());
        why = locked ? "wrong name or password; the name is locked now" : "wrong name or password";
    } else {
        lock_out_.passed(name);
        why = access::expiry_fault(*person, nullptr, now);
        if (why.empty() && sessions_.size() >= kMaxSessions) why = "too many people are signed in";
    }
    note(std::move(entry), why);
    if (!why.empty()) return reply(refusal("refused", why));
    int64_t until = now + kSessionNs;
    if (person->until_ns != 0) until = std::min(until, person->until_ns);
    const std::string id = base::random_hex(32);
    sessions_[id] = {name, person->password, until};
    reply({{"ok", true},
           {"session", id},
           {"name", name},
           {"role", person->role},
           {"until", base::rfc3339(until)}});
}

void People::sign_out(const Peer& from, const json& body, const ReplyFn& reply) {
    const auto found = sessions_.find(text_of(body, "session"));
    if (found == sessions_.end()) return reply(refusal("unknown", "there is no such session"));
    note({base::wall_ns(), "operator:" + found->second.name, from.name + " session",
          "verb:sign_out", "", "", false, ""},
         "");
    sessions_.erase(found);
    reply({{"ok", true}});
}

void People::whoami(const Peer& from, const json& body, const ReplyFn& reply) const {
    const Asker who = asker(from, body);
    json answer = {{"ok", true},      {"configured", configured()},
                   {"who", who.who},  {"name", nullptr},
                   {"role", nullptr}, {"fault", who.fault.empty() ? json() : json(who.fault)}};
    if (who.gated && who.fault.empty()) {
        answer["name"] = who.person.name;
        answer["role"] = who.person.role_name;
    }
    reply(answer);
}

}  // namespace bw::hub
