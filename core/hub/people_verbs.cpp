// SPDX-License-Identifier: Apache-2.0
// The verbs of people: signing in and out, and asking who one is and what there is to ask for.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/access/passwords.h"
#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/config/actions.h"
#include "core/events/json.h"
#include "core/hub/people.h"

namespace bw::hub {

using access::AuditEntry;
using events::text_of;
using nlohmann::json;

namespace {

constexpr const char* kWrong = "wrong name or password";

/// `reason`: for programs that say it in their own words.
json not_signed_in(const char* reason, const std::string& why, int64_t retry_s = 0) {
    json answer = refusal("refused", why);
    answer["reason"] = reason;
    if (retry_s > 0) answer["retry_s"] = retry_s;
    return answer;
}

const char* word_of(access::Touches touches) {
    switch (touches) {
        case access::Touches::wall:
            return "wall";
        case access::Touches::scene:
            return "scene";
        case access::Touches::zone:
            return "zone";
        case access::Touches::source:
            return "source";
        case access::Touches::nothing:
            break;
    }
    return "nothing";
}

/// The words of core/config/actions.h that a role has anywhere; its limits are the gate's to look
/// at.
json actions_of(const config::Role* role) {
    json words = json::array();
    for (const std::string& action : config::actions())
        if (role != nullptr &&
            std::any_of(role->may.begin(), role->may.end(), [&](const config::Capability& may) {
                return std::any_of(may.actions.begin(), may.actions.end(),
                                   [&](const auto& each) { return config::covers(each, action); });
            }))
            words.push_back(action);
    return words;
}

}  // namespace

void People::sign_in(const Peer& from, const json& body, ReplyFn reply) {
    const std::string name = text_of(body, "name"), password = text_of(body, "password");
    AuditEntry entry{
        base::wall_ns(), "operator:" + name, from.name, "verb:sign_in", "", "", false, ""};
    const auto refuse = [&](const char* reason, const std::string& why, int64_t retry_s = 0) {
        note(entry, why);
        reply(not_signed_in(reason, why, retry_s));
    };
    if (!from.key.empty())
        return refuse("elsewhere", "nobody signs in from elsewhere: use an operator's token");
    if (!base::is_safe_name(name) || password.size() > access::kMaxPasswordBytes) {
        entry.who = "unknown";
        return refuse("wrong", kWrong);
    }
    const int64_t now = base::mono_ns();
    if (const int64_t until = lock_out_.locked_until(name, now)) {
        const int64_t left_s = (until - now) / base::kSecond + 1;
        return refuse("locked",
                      fmt::format("too many wrong passwords: {} may try again in {} minutes", name,
                                  (left_s + 59) / 60),
                      left_s);
    }
    // One at a time, so that no wrong password goes uncounted.
    if (signing_in_.contains(name))
        return refuse("busy", name + " is being signed in: wait for its end");
    if (signing_in_.size() >= kMaxSigningIn)
        return refuse("busy", "too many people sign in at once: try again");
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

/// The answer leaves when what it changed is on the disk: whoever kills the hub with it in hand
/// finds every wrong password counted.
void People::signed_in(const std::string& name, bool right, AuditEntry entry,
                       const ReplyFn& reply) {
    signing_in_.erase(name);
    const access::Operator* person = people_.find(name);
    json answer;
    if (!fault_.empty()) {
        // Of whoever knows their password nothing was tried wrongly.
        answer = not_signed_in("closed",
                               "nobody is let in: the list of operators cannot be read; the "
                               "wall's status says why");
    } else if (!right || person == nullptr) {
        const int64_t now = base::mono_ns();
        const bool locked = lock_out_.failed(name, now);
        const int64_t left_s = (lock_out_.locked_until(name, now) - now) / base::kSecond;
        answer = locked ? not_signed_in("locked", fmt::format("{}; the name is locked now", kWrong),
                                        left_s)
                        : not_signed_in("wrong", kWrong);
    } else {
        lock_out_.passed(name);
        const std::string ended = access::expiry_fault(*person, nullptr, base::wall_ns());
        if (!ended.empty())
            answer = not_signed_in("ended", ended);
        else if (sessions_.size() >= kMaxSessions)
            answer = not_signed_in("busy", "too many people are signed in");
        else
            answer = begin_session(*person);
    }
    note(std::move(entry), answer["ok"] == true ? "" : text_of(answer, "text"));
    keep_sign_ins([reply, answer] { reply(answer); });
}

json People::begin_session(const access::Operator& person) {
    int64_t until = base::wall_ns() + kSessionNs;
    if (person.until_ns != 0) until = std::min(until, person.until_ns);
    const std::string id = base::random_hex(32), hash = access::hash_token(id);
    sessions_[hash] = {hash, person.name, access::sha256(person.password), until};
    return {{"ok", true},
            {"session", id},
            {"name", person.name},
            {"role", person.role},
            {"until", base::rfc3339(until)}};
}

access::SignIns People::sign_ins() const {
    access::SignIns all;
    all.locks = lock_out_.rows(base::wall_ns() - base::mono_ns());
    for (const auto& [hash, session] : sessions_) all.sessions.push_back(session);
    return all;
}

void People::keep_sign_ins(std::function<void()> done) {
    worker_.post([this, all = sign_ins(), done = std::move(done)] {
        const base::Status kept = access::store_sign_ins(folder_, all);
        mailbox_.post([this, kept, done] {
            if (!kept && keeps_)
                base::log_error("locked names and sessions are forgotten when the hub ends: {}",
                                kept.error().text);
            keeps_ = kept.ok();
            done();
        });
    });
}

void People::sign_out(const Peer& from, const json& body, const ReplyFn& reply) {
    const auto found = sessions_.find(access::hash_token(text_of(body, "session")));
    if (found == sessions_.end()) return reply(refusal("unknown", "there is no such session"));
    note({base::wall_ns(), "operator:" + found->second.name, from.name + " session",
          "verb:sign_out", "", "", false, ""},
         "");
    sessions_.erase(found);
    keep_sign_ins([reply] { reply({{"ok", true}}); });
}

void People::whoami(const Peer& from, const json& body, const ReplyFn& reply) const {
    const Asker who = asker(from, body);
    json answer = {{"ok", true},
                   {"configured", configured()},
                   {"who", who.who},
                   {"fault", who.fault.empty() ? json() : json(who.fault)}};
    for (const char* key : {"name", "role", "title", "may", "until"}) answer[key] = nullptr;
    if (who.gated && who.fault.empty()) {
        answer["name"] = who.person.name;
        answer["role"] = who.person.role_name;
        answer["may"] = actions_of(who.person.role);
        if (const config::Role* role = who.person.role)
            answer["title"] = {{"zh", role->title.zh}, {"en", role->title.en}};
        if (const access::SignedIn* its = session(text_of(body, "session")))
            answer["until"] = base::rfc3339(its->until_ns);
    }
    reply(answer);
}

json People::commands() const {
    json commands = json::array(), verbs = json::array();
    const auto row = [](const access::Rule& rule) -> json {
        return {{"action", rule.action}, {"touches", word_of(rule.touches)}};
    };
    for (const std::string& type : registry_.commands()) {
        const auto ops = access::ops_of(type);
        for (const std::string& op : ops) {
            json entry = row(rule_of(type, op));
            entry["type"] = type;
            if (!op.empty()) entry["op"] = op;
            commands.push_back(std::move(entry));
        }
    }
    for (const std::string& what : access::ruled()) {
        if (what.rfind("verb:", 0) != 0) continue;
        for (const std::string& op : access::ops_of(what)) {
            json entry = row(access::rule_of(what, op));
            entry["verb"] = what.substr(5);
            if (!op.empty()) entry["op"] = op;
            verbs.push_back(std::move(entry));
        }
    }
    return {{"ok", true}, {"commands", std::move(commands)}, {"verbs", std::move(verbs)}};
}

}  // namespace bw::hub
