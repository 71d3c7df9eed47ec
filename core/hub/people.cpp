// SPDX-License-Identifier: Apache-2.0
#include "core/hub/people.h"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/access/passwords.h"
#include "core/access/roles.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/events/json.h"

namespace bw::hub {

using events::text_of;
using nlohmann::json;

namespace {

constexpr int64_t kLookNs = base::kSecond;
constexpr int64_t kNoteAgainNs = 60 * base::kSecond;
constexpr size_t kMaxWrongTokens = 1000;
constexpr const char* kRulesPeer = "rules";

}  // namespace

People::People(std::filesystem::path state_dir, const Registry& registry, const Sites& sites,
               const Scenes& scenes, Audit& audit, Mailbox& mailbox)
    : folder_(std::move(state_dir)),
      registry_(registry),
      sites_(sites),
      scenes_(scenes),
      audit_(audit),
      mailbox_(mailbox) {}

const std::string& People::local_name() {
    static const std::string kName = fmt::format("local:{}", ::getuid());
    return kName;
}

People::Loaded People::load(const std::filesystem::path& folder) {
    Loaded loaded;
    if (auto people = access::load_operators(folder))
        loaded.people = std::move(*people);
    else
        loaded.fault = people.error().text;
    if (auto keys = access::load_keys(folder))
        loaded.keys = std::move(*keys);
    else
        loaded.keys_fault = keys.error().text;
    return loaded;
}

void People::start() {
    take_over(load(folder_));
    auto known = access::load_sign_ins(folder_);
    if (!known) return base::log_error("{}", known.error().text);
    const int64_t now = base::mono_ns();
    lock_out_.restore(known->locks, now, base::wall_ns() - now);
    for (access::SignedIn& each : known->sessions)
        if (sessions_.size() < kMaxSessions && holds(each))
            sessions_.emplace(each.hash, std::move(each));
}

void People::take_over(Loaded loaded) {
    take_over_keys(loaded);
    note_changes(loaded.people);
    if (loaded.fault != fault_ && !loaded.fault.empty()) base::log_error("{}", loaded.fault);
    people_ = std::move(loaded.people);
    fault_ = std::move(loaded.fault);
}

void People::note(access::AuditEntry entry, const std::string& why) {
    entry.passed = why.empty();
    entry.why = why;
    audit_.note(std::move(entry));
}

/// Whoever changed the file could write it; that it changed is written down here.
void People::note_changes(const access::Operators& now) {
    const auto tell = [this](const access::Operator& person, const char* what) {
        note({base::wall_ns(), local_name(), "operators.json", what, "",
              person.name + " role=" + person.role, false, ""},
             "");
    };
    for (const access::Operator& person : now.list) {
        const access::Operator* before = people_.find(person.name);
        if (before == nullptr)
            tell(person, "operator:known");
        else if (*before != person)
            tell(person, "operator:changed");
    }
    for (const access::Operator& before : people_.list)
        if (now.find(before.name) == nullptr) tell(before, "operator:removed");
}

bool People::holds(const access::SignedIn& session) const {
    const access::Operator* person = people_.find(session.name);
    return person != nullptr && access::sha256(person->password) == session.password &&
           !access::has_ended(session.until_ns, base::wall_ns());
}

const access::SignedIn* People::session(const std::string& id) const {
    const auto found = sessions_.find(access::hash_token(id));
    return found != sessions_.end() && holds(found->second) ? &found->second : nullptr;
}

People::Asker People::as_operator(Asker asker, const access::Operator* person,
                                  const access::Token* token) const {
    asker.gated = true;
    if (person == nullptr) {
        asker.fault = "nobody stands behind this token or session any more: sign in";
        return asker;
    }
    asker.who = "operator:" + person->name;
    asker.by = person->name;
    asker.fault = access::expiry_fault(*person, token, base::wall_ns());
    asker.person = {person->name, person->role,
                    access::find_role(sites_.site().roles, person->role)};
    return asker;
}

std::string People::sender_of(const Peer& from, const json& body) {
    const std::string rule = from.name == kRulesPeer ? text_of(body, "rule") : "";
    return rule.empty() ? from.name : "rule:" + rule;
}

/// It may what the role says that rules.toml gives it.
People::Asker People::as_rule(Asker asker, const std::string& rule) const {
    asker.gated = true;
    asker.who = asker.by = "rule:" + rule;
    const config::Rule* its = sites_.site().rules.find(rule);
    if (its == nullptr) {
        asker.fault = "rules.toml has no rule " + rule;
        return asker;
    }
    asker.person = {asker.who, its->role, access::role_of_rule(sites_.site().roles, its->role)};
    return asker;
}

People::Asker People::asker(const Peer& from, const json& body) const {
    if (!from.key.empty()) return as_key(from, body);
    Asker asker{from.name, from.name, from.name, false, false, "", {}, {}};
    const std::string id = text_of(body, "session");
    if (!from.token.empty()) {
        const access::Token* token = nullptr;
        const access::Operator* person = people_.of_token(from.token, &token);
        if (token != nullptr) asker.from += " token " + token->id;
        return as_operator(std::move(asker), person, token);
    }
    if (from.name == kRulesPeer && body.contains("rule"))
        return as_rule(std::move(asker), text_of(body, "rule"));
    for (const char* role : {"service:", "panel:", "compositor:", "media:", "rules"})
        asker.of_wall = asker.of_wall || from.is(role);
    if (asker.of_wall) return asker;
    if (!id.empty()) {
        asker.from += " session";
        const access::SignedIn* its = session(id);
        return as_operator(std::move(asker), its ? people_.find(its->name) : nullptr, nullptr);
    }
    if (from.name != "console") {
        // Whoever opens the socket may read and change every file of this wall anyway.
        asker.who = local_name();
        return asker;
    }
    if (configured()) {
        asker.gated = true;
        asker.fault = "this wall has operators: sign in";
    }
    return asker;
}

std::string People::token_fault(const std::string& name, const std::string& token,
                                std::string& hash) {
    hash = access::hash_token(token);
    const access::Token* its = nullptr;
    const access::Operator* person = people_.of_token(hash, &its);
    std::string fault = person == nullptr ? "nobody has this token"
                                          : access::expiry_fault(*person, its, base::wall_ns());
    for (const char* kept : {"compositor:", "media:", "console", "rules"})
        if (fault.empty() && name.rfind(kept, 0) == 0)
            fault = "the name " + name + " belongs to processes of the wall";
    if (fault.empty()) return {};
    // A client says hello three times a second.
    const int64_t now = base::mono_ns();
    if (wrong_tokens_.size() > kMaxWrongTokens) wrong_tokens_.clear();
    int64_t& noted = wrong_tokens_[hash];
    if (noted == 0 || now - noted > kNoteAgainNs) {
        noted = now;
        const std::string who = person != nullptr ? "operator:" + person->name : "unknown";
        note({base::wall_ns(), who, name, "verb:hello", "", "", false, ""}, fault);
    }
    return fault;
}

json People::status() const {
    return {{"operators", people_.list.size()},
            {"sessions", sessions_.size()},
            {"fault", fault_.empty() ? json() : json(fault_)},
            {"keys", keys_.list.size()},
            {"keys_fault", keys_fault_.empty() ? json() : json(keys_fault_)}};
}

void People::tick(int64_t now, Peers& peers) {
    if (now < look_ns_) return;
    look_ns_ = now + kLookNs;
    std::vector<std::pair<std::string, const char*>> gone;
    peers.each([&](const Peer& peer) {
        if (!peer.key.empty() && key(peer.key) == nullptr)
            gone.emplace_back(peer.route, "key");
        else if (!peer.token.empty() && !asker(peer, json::object()).fault.empty())
            gone.emplace_back(peer.route, "token");
    });
    for (const auto& [route, what] : gone) on_gone_(route, what);
    std::erase_if(sessions_, [this](const auto& entry) { return !holds(entry.second); });
    if (looking_) return;
    looking_ = true;
    worker_.post([this] {
        const auto loaded = std::make_shared<Loaded>(load(folder_));
        mailbox_.post([this, loaded] {
            looking_ = false;
            take_over(std::move(*loaded));
        });
    });
}

}  // namespace bw::hub
