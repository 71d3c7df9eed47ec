// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/access/operators.h"
#include "core/access/private_file.h"
#include "core/base/clock.h"
#include "core/base/ids.h"

namespace bw::access {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr size_t kMaxFileBytes = 4 << 20;

std::string text_of(const json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

json until_json(int64_t until_ns) {
    return until_ns == 0 ? json() : json(base::rfc3339(until_ns));
}

/// False: what stands there is no time, and "no end" would be too kind a guess.
bool read_until(const json& object, int64_t& until_ns) {
    const auto at = object.find("until");
    if (at == object.end() || at->is_null()) return true;
    if (!at->is_string()) return false;
    until_ns = base::parse_rfc3339(at->get<std::string>()).value_or(0);
    return until_ns != 0;
}

bool read_token(const json& entry, Token& token) {
    if (!entry.is_object()) return false;
    token.id = text_of(entry, "id");
    token.hash = text_of(entry, "hash");
    return token.hash.size() == 64 && read_until(entry, token.until_ns);
}

bool read_operator(const json& entry, Operator& person) {
    if (!entry.is_object()) return false;
    person.name = text_of(entry, "name");
    person.role = text_of(entry, "role");
    person.password = text_of(entry, "password");
    const json tokens = entry.value("tokens", json::array());
    if (!base::is_safe_name(person.name) || person.role.empty() || !tokens.is_array() ||
        !read_until(entry, person.until_ns))
        return false;
    for (const json& each : tokens) {
        Token token;
        if (!read_token(each, token)) return false;
        person.tokens.push_back(std::move(token));
    }
    return true;
}

json to_json(const Operator& person) {
    json tokens = json::array();
    for (const Token& token : person.tokens)
        tokens.push_back(
            {{"id", token.id}, {"hash", token.hash}, {"until", until_json(token.until_ns)}});
    return {{"name", person.name},
            {"role", person.role},
            {"password", person.password},
            {"until", until_json(person.until_ns)},
            {"tokens", tokens}};
}

base::Error broken(const fs::path& file, const std::string& what) {
    return {"invalid", fmt::format("{}: {}; nobody is let in by it: mend it, or remove it and add "
                                   "the operators anew",
                                   file.string(), what)};
}

base::Status store(const fs::path& folder, const Operators& people) {
    json list = json::array();
    for (const Operator& person : people.list) list.push_back(to_json(person));
    const std::string text = json{{"version", 1}, {"operators", list}}.dump(1) + "\n";
    return replace_private(operators_file(folder), text);
}

}  // namespace

fs::path operators_file(const fs::path& state_dir) {
    return state_dir / "operators.json";
}

base::Result<Operators> load_operators(const fs::path& state_dir) {
    const fs::path file = operators_file(state_dir);
    const auto text = read_small(file, kMaxFileBytes);
    if (!text && text.error().code == "not_found") return Operators{};
    if (!text && text.error().code == "invalid") return broken(file, "it is larger than 4 MiB");
    if (!text) return text.error();
    const json root = json::parse(*text, nullptr, false);
    if (!root.is_object() || !root.contains("operators") || !root["operators"].is_array())
        return broken(file, "it is no list of operators in JSON");
    Operators people;
    for (const json& entry : root["operators"]) {
        Operator person;
        if (!read_operator(entry, person) || people.find(person.name) != nullptr)
            return broken(file, fmt::format("entry {} is no operator", people.list.size() + 1));
        people.list.push_back(std::move(person));
    }
    return people;
}

base::Status change_operators(const fs::path& state_dir,
                              const std::function<base::Status(Operators&)>& change) {
    const auto lock = lock_file(state_dir / ".operators.lock");
    if (!lock) return lock.error();
    auto people = load_operators(state_dir);
    if (!people) return people.error();
    if (const auto changed = change(*people); !changed) return changed;
    return store(state_dir, *people);
}

}  // namespace bw::access
