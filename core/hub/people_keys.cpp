// SPDX-License-Identifier: Apache-2.0
// Other machines at the gate: who a key stands for, and what it may.
#include <nlohmann/json.hpp>

#include "core/access/roles.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/events/json.h"
#include "core/hub/people.h"

namespace bw::hub {

using nlohmann::json;

const access::Key* People::key(const std::string& public_key) const {
    return public_key.empty() ? nullptr : keys_.of(public_key);
}

People::Asker People::as_key(const Peer& from, const json& body) const {
    Asker asker{from.name, from.name + " " + from.address, from.name, false, true, "", {}, {}};
    const access::Key* key = keys_.of(from.key);
    if (key == nullptr) {
        asker.fault = "this key is not, or no longer, known here";
        return asker;
    }
    if (!events::text_of(body, "session").empty()) {
        asker.fault = "a session is for this machine's console; elsewhere an operator has a token";
        return asker;
    }
    const access::Person machine{from.name, key->role,
                                 access::find_role(sites_.site().roles, key->role)};
    asker.person = machine;
    if (from.token.empty()) return asker;
    // Whoever speaks over it: no more than the key may.
    const access::Token* token = nullptr;
    const access::Operator* person = people_.of_token(from.token, &token);
    if (token != nullptr) asker.from += " token " + token->id;
    asker = as_operator(std::move(asker), person, token);
    asker.over = machine;
    return asker;
}

void People::take_over_keys(Loaded& loaded) {
    const auto tell = [this](const access::Key& key, const char* what) {
        note({base::wall_ns(), local_name(), "keys.json", what, "",
              "key:" + key.name + " role=" + key.role, false, ""},
             "");
    };
    for (const access::Key& key : loaded.keys.list) {
        const access::Key* before = keys_.find(key.name);
        if (before == nullptr)
            tell(key, "key:known");
        else if (*before != key)
            tell(key, "key:changed");
    }
    for (const access::Key& before : keys_.list)
        if (loaded.keys.find(before.name) == nullptr) tell(before, "key:revoked");
    if (loaded.keys_fault != keys_fault_ && !loaded.keys_fault.empty())
        base::log_error("{}", loaded.keys_fault);
    keys_ = std::move(loaded.keys);
    keys_fault_ = std::move(loaded.keys_fault);
}

}  // namespace bw::hub
