// SPDX-License-Identifier: Apache-2.0
// Who a peer speaks for, and the one gate that every command and verb passes. Operators come from
// STATE/operators.json, which is read again when it changes; sessions and locked names outlive the
// hub in STATE/sign_ins.json. On the loop; files and passwords are a thread's of its own.
#pragma once

#include <map>
#include <set>

#include "core/access/gate.h"
#include "core/access/keys.h"
#include "core/access/lock_out.h"
#include "core/access/operators.h"
#include "core/access/rules.h"
#include "core/access/sign_ins.h"
#include "core/hub/audit.h"
#include "core/hub/scenes.h"

namespace bw::hub {

class People {
  public:
    static constexpr int64_t kSessionNs = int64_t{12} * 3600 * 1'000'000'000;
    static constexpr size_t kMaxSessions = 256, kMaxSigningIn = 8;

    /// Who a request comes from.
    struct Asker {
        std::string who, from;  // as the audit names them
        std::string by;         // as the wall and the journal name them
        bool of_wall = false;   // a process of the wall: its manifest and its press say what it may
        bool gated = false;     // an operator or a key: the role says what they may
        std::string fault;      // not to be let in at all, and why
        access::Person person;
        access::Person over;  // the key whose line an operator speaks over; no name: none
    };
    struct Passage {
        std::string why_not;  // empty: it may
        std::string by;
        access::AuditEntry entry;  // outcome and why are not filled in yet
    };

    People(std::filesystem::path state_dir, const Registry& registry, const Sites& sites,
           const Scenes& scenes, Audit& audit, Mailbox& mailbox);
    /// Reads the operators, and who was signed in or locked; before the first peer.
    void start();
    /// Told of each peer whose "token" or "key" is no longer one.
    void on_gone(std::function<void(const std::string& route, const char* what)> handler) {
        on_gone_ = std::move(handler);
    }

    /// Whom a command comes from: the peer, or the rule that the rules' process speaks for.
    [[nodiscard]] static std::string sender_of(const Peer& from, const nlohmann::json& body);
    /// Writes down how it ended. `why` empty: it passed.
    void note(access::AuditEntry entry, const std::string& why);
    /// Why nobody is let in with that token; empty: they are. `hash` is what the peer keeps.
    std::string token_fault(const std::string& name, const std::string& token, std::string& hash);

    // people_gate.cpp
    /// The gate for a command. `body`: of the verb, with a checked event.
    [[nodiscard]] Passage judge(const Peer& from, const nlohmann::json& body) const;
    /// The gate for any other verb; a refusal is written down. A sentence, or empty.
    std::string verb_fault(const Peer& from, const std::string& verb, const nlohmann::json& body);
    /// Writes down that something came as a command and is none, and why.
    void note_no_command(const Peer& from, const nlohmann::json& body, const std::string& why);

    // people_keys.cpp
    /// Of another machine, by its public half; null: it is not known.
    [[nodiscard]] const access::Key* key(const std::string& public_key) const;
    /// The list could be read.
    [[nodiscard]] bool keys_known() const { return keys_fault_.empty(); }

    // people_verbs.cpp
    void sign_in(const Peer& from, const nlohmann::json& body, ReplyFn reply);
    void sign_out(const Peer& from, const nlohmann::json& body, const ReplyFn& reply);
    /// {"configured", "who", "name", "role", "fault", …}: whom a session or a token stands for.
    void whoami(const Peer& from, const nlohmann::json& body, const ReplyFn& reply) const;
    /// {"commands", "verbs"}: what can be asked for here, and what the gate takes it for.
    [[nodiscard]] nlohmann::json commands() const;

    /// {"operators", "sessions", "fault"}
    [[nodiscard]] nlohmann::json status() const;
    /// `peers`: to look through for those whose token has ended.
    void tick(int64_t now, Peers& peers);
    [[nodiscard]] int64_t next_wake_ns() const { return look_ns_; }

  private:
    struct Loaded {
        access::Operators people;
        std::string fault;
        access::Keys keys;
        std::string keys_fault;
    };
    [[nodiscard]] bool configured() const { return !people_.list.empty() || !fault_.empty(); }
    [[nodiscard]] Asker asker(const Peer& from, const nlohmann::json& body) const;
    [[nodiscard]] Asker as_operator(Asker asker, const access::Operator* person,
                                    const access::Token* token) const;
    [[nodiscard]] Asker as_key(const Peer& from, const nlohmann::json& body) const;
    [[nodiscard]] Asker as_rule(Asker asker, const std::string& rule) const;
    /// Of an id as its owner shows it.
    [[nodiscard]] const access::SignedIn* session(const std::string& id) const;
    /// Its operator is still one, with the same password, and it has not ended.
    [[nodiscard]] bool holds(const access::SignedIn& session) const;
    [[nodiscard]] access::Rule rule_of(const std::string& type, const std::string& op) const;
    [[nodiscard]] std::string permission_fault(const Asker& asker, const access::Rule& rule,
                                               const nlohmann::json& event) const;
    static Loaded load(const std::filesystem::path& folder);
    void take_over(Loaded loaded);
    void take_over_keys(Loaded& loaded);
    static const std::string& local_name();
    void note_changes(const access::Operators& now);
    void signed_in(const std::string& name, bool right, access::AuditEntry entry,
                   const ReplyFn& reply);
    [[nodiscard]] nlohmann::json begin_session(const access::Operator& person);
    [[nodiscard]] access::SignIns sign_ins() const;
    /// Locks and sessions as they are now; then, on the disk or with a fault that is told, `done`.
    void keep_sign_ins(std::function<void()> done);

    const std::filesystem::path folder_;
    const Registry& registry_;
    const Sites& sites_;
    const Scenes& scenes_;
    Audit& audit_;
    Mailbox& mailbox_;
    std::function<void(const std::string& route, const char* what)> on_gone_;
    access::Operators people_;
    std::string fault_;  // of the file: nobody is let in
    access::Keys keys_;
    std::string keys_fault_;
    std::map<std::string, access::SignedIn> sessions_;  // by hash
    bool keeps_ = true;  // what is kept of them got onto the disk the last time
    std::map<std::string, int64_t> wrong_tokens_;  // noted at (monotonic), by hash
    access::LockOut lock_out_;
    std::set<std::string> signing_in_;
    bool looking_ = false;
    int64_t look_ns_ = 0;
    Worker worker_;
};

}  // namespace bw::hub
