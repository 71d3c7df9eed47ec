// SPDX-License-Identifier: Apache-2.0
// beaconwall operator add | list | remove | password | token | revoke: people of a wall, in its
// state folder, whether or not it runs.
#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/access/operators.h"
#include "core/access/passwords.h"
#include "core/base/clock.h"
#include "core/base/duration.h"
#include "core/base/ids.h"
#include "core/base/rfc3339.h"
#include "core/cli/commands.h"
#include "core/cli/secret_input.h"
#include "core/cli/text_table.h"
#include "core/cli/wall_state.h"

namespace bw::cli {
namespace {

namespace fs = std::filesystem;
using access::Operator;
using access::Operators;

constexpr int64_t kDayNs = int64_t{24} * 3600 * base::kSecond;

/// A day ends with it, in UTC. False after saying what is allowed.
bool read_until(const std::string& text, int64_t& until_ns) {
    if (text.empty()) return true;
    const bool day = text.size() == 10;
    const auto time = base::read_rfc3339(base::time_text(text));
    if (time) until_ns = *time + (day ? kDayNs : 0);
    if (time && until_ns > base::wall_ns()) return true;
    fail(time ? "--until is past; allowed: a day or a time to come, 2030-12-31 or "
                "2030-12-31T18:00:00+08:00"
              : "--until is no time: " + base::time_fault(text));
    return false;
}

/// The hash of a new password; empty after saying why not.
std::string new_password() {
    const auto password = read_new_password();
    if (!password) return fail(password.error().text), "";
    if (const std::string fault = access::password_fault(*password); !fault.empty())
        return fail(fault), "";
    const auto hash = access::hash_password(*password);
    if (!hash) return fail(hash.error().text), "";
    return *hash;
}

int change(const fs::path& folder, const std::function<base::Status(Operators&)>& how) {
    const auto changed = access::change_operators(folder, how);
    return changed ? Exit::done : fail(changed.error().text);
}

/// As change(), for one who is there.
int change_one(const OperatorOptions& options, const std::function<base::Status(Operator&)>& how) {
    const fs::path folder = folder_of(options);
    if (folder.empty()) return Exit::refused;
    return change(folder, [&](Operators& people) -> base::Status {
        Operator* person = people.find(options.name);
        if (person == nullptr) return no("there is no operator " + options.name);
        return how(*person);
    });
}

std::string until_text(int64_t until_ns) {
    if (until_ns == 0) return "-";
    return base::rfc3339(until_ns).substr(0, 19) +
           (access::has_ended(until_ns, base::wall_ns()) ? "Z (over)" : "Z");
}

}  // namespace

int operator_add(const OperatorOptions& options) {
    if (!base::is_safe_name(options.name))
        return fail("a name is letters A-Z a-z, digits, '-', '_' and '.', at most 64 of them");
    const fs::path folder = folder_of(options);
    Operator person{options.name, options.role, "", 0, {}};
    if (folder.empty() || !has_role(options, options.role) ||
        !read_until(options.until, person.until_ns))
        return Exit::refused;
    person.password = new_password();
    if (person.password.empty()) return Exit::refused;
    return change(folder, [&](Operators& people) -> base::Status {
        if (people.find(person.name) != nullptr)
            return no(
                fmt::format("there is an operator {} already: remove them first, or "
                            "change the password with operator password",
                            person.name));
        if (people.list.size() >= access::kMaxOperators)
            return no(fmt::format("at most {} operators", access::kMaxOperators));
        people.list.push_back(person);
        return {};
    });
}

int operator_remove(const OperatorOptions& options) {
    const fs::path folder = folder_of(options);
    if (folder.empty()) return Exit::refused;
    return change(folder, [&](Operators& people) -> base::Status {
        if (std::erase_if(people.list,
                          [&](const Operator& each) { return each.name == options.name; }) == 0)
            return no("there is no operator " + options.name);
        return {};
    });
}

int operator_password(const OperatorOptions& options) {
    const std::string hash = new_password();
    if (hash.empty()) return Exit::refused;
    return change_one(options, [&](Operator& person) -> base::Status {
        person.password = hash;
        return {};
    });
}

int operator_token(const OperatorOptions& options) {
    const std::string token = access::make_token();
    access::Token kept{base::random_hex(4), access::hash_token(token), 0};
    if (!read_until(options.until, kept.until_ns)) return Exit::refused;
    const int code = change_one(options, [&](Operator& person) -> base::Status {
        if (person.tokens.size() >= access::kMaxTokens)
            return no(fmt::format("{} has {} tokens already: revoke one", person.name,
                                  person.tokens.size()));
        person.tokens.push_back(kept);
        return {};
    });
    if (code != Exit::done) return code;
    fmt::print("{}\n", token);
    fmt::print(stderr, "token {} of {}; it is not shown again\n", kept.id, options.name);
    return Exit::done;
}

int operator_revoke(const OperatorOptions& options) {
    return change_one(options, [&](Operator& person) -> base::Status {
        if (std::erase_if(person.tokens,
                          [&](const access::Token& each) { return each.id == options.token; }) == 0)
            return no(fmt::format("{} has no token {}", person.name, options.token));
        return {};
    });
}

int operator_list(const OperatorOptions& options) {
    const fs::path folder = folder_of(options);
    if (folder.empty()) return Exit::refused;
    const auto people = access::load_operators(folder);
    if (!people) return fail(people.error().text);
    nlohmann::json list = nlohmann::json::array();
    TextTable table({"NAME", "ROLE", "UNTIL", "TOKENS"});
    for (const Operator& person : people->list) {
        std::string tokens;
        nlohmann::json ids = nlohmann::json::array();
        for (const access::Token& token : person.tokens) {
            tokens += (tokens.empty() ? "" : " ") + token.id;
            ids.push_back(token.id);
        }
        table.add(
            {person.name, person.role, until_text(person.until_ns), tokens.empty() ? "-" : tokens});
        list.push_back(
            {{"name", person.name},
             {"role", person.role},
             {"until", person.until_ns == 0 ? nlohmann::json()
                                            : nlohmann::json(base::rfc3339(person.until_ns))},
             {"tokens", ids}});
    }
    if (options.json)
        fmt::print("{}\n", nlohmann::json{{"operators", list}}.dump(2));
    else
        fmt::print("{}", table.text());
    return Exit::done;
}

}  // namespace bw::cli
