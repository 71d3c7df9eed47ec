// SPDX-License-Identifier: Apache-2.0
#include "core/access/operators.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/base/clock.h"

namespace bw::access {

const Operator* Operators::find(const std::string& name) const {
    const auto found = std::find_if(list.begin(), list.end(),
                                    [&](const Operator& each) { return each.name == name; });
    return found == list.end() ? nullptr : &*found;
}

Operator* Operators::find(const std::string& name) {
    return const_cast<Operator*>(static_cast<const Operators*>(this)->find(name));  // NOLINT
}

const Operator* Operators::of_token(const std::string& hash, const Token** token) const {
    for (const Operator& each : list)
        for (const Token& its : each.tokens)
            if (its.hash == hash) {
                *token = &its;
                return &each;
            }
    return nullptr;
}

bool has_ended(int64_t until_ns, int64_t now_ns) {
    return until_ns != 0 && now_ns >= until_ns;
}

std::string expiry_fault(const Operator& person, const Token* token, int64_t now_ns) {
    if (has_ended(person.until_ns, now_ns))
        return fmt::format("the operator {} ended at {}", person.name,
                           base::rfc3339(person.until_ns));
    if (token != nullptr && has_ended(token->until_ns, now_ns))
        return fmt::format("the token {} of {} ended at {}", token->id, person.name,
                           base::rfc3339(token->until_ns));
    return {};
}

}  // namespace bw::access
