// SPDX-License-Identifier: Apache-2.0
#include "core/access/sign_ins.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/access/private_file.h"
#include "core/base/clock.h"
#include "core/base/ids.h"

namespace bw::access {
namespace {

using nlohmann::json;

constexpr size_t kMaxFileBytes = 1 << 20;

std::string text_of(const json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

int number_of(const json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_number_integer() ? at->get<int>() : 0;
}

/// 0: null, absent, or no time.
int64_t time_of(const json& object, const char* key) {
    return base::parse_rfc3339(text_of(object, key)).value_or(0);
}

json time_json(int64_t at_ns) {
    return at_ns == 0 ? json() : json(base::rfc3339(at_ns));
}

bool read_lock(const json& entry, LockOut::Row& row) {
    if (!entry.is_object()) return false;
    row.name = text_of(entry, "name");
    row.count = {number_of(entry, "failures"), number_of(entry, "locks"), time_of(entry, "until"),
                 time_of(entry, "last")};
    return base::is_safe_name(row.name) && row.count.last_ns != 0;
}

bool read_session(const json& entry, SignedIn& session) {
    if (!entry.is_object()) return false;
    session = {text_of(entry, "hash"), text_of(entry, "name"), text_of(entry, "password"),
               time_of(entry, "until")};
    return session.hash.size() == 64 && base::is_safe_name(session.name) && session.until_ns != 0;
}

template <class Entry, class Read>
bool read_list(const json& root, const char* key, std::vector<Entry>& out, Read read) {
    const auto list = root.find(key);
    if (list == root.end() || !list->is_array()) return false;
    for (const json& each : *list) {
        Entry entry;
        if (!read(each, entry)) return false;
        out.push_back(std::move(entry));
    }
    return true;
}

}  // namespace

std::filesystem::path sign_ins_file(const std::filesystem::path& state_dir) {
    return state_dir / "sign_ins.json";
}

base::Result<SignIns> load_sign_ins(const std::filesystem::path& state_dir) {
    const auto file = sign_ins_file(state_dir);
    const auto text = read_small(file, kMaxFileBytes);
    if (!text && text.error().code == "not_found") return SignIns{};
    if (!text) return text.error();
    const json root = json::parse(*text, nullptr, false);
    SignIns out;
    if (!root.is_object() || !read_list(root, "locks", out.locks, read_lock) ||
        !read_list(root, "sessions", out.sessions, read_session))
        return base::Error{"invalid",
                           fmt::format("{} is damaged: locks and sessions of before are forgotten",
                                       file.string())};
    return out;
}

base::Status store_sign_ins(const std::filesystem::path& state_dir, const SignIns& sign_ins) {
    json locks = json::array(), sessions = json::array();
    for (const LockOut::Row& row : sign_ins.locks)
        locks.push_back({{"name", row.name},
                         {"failures", row.count.failures},
                         {"locks", row.count.locks},
                         {"until", time_json(row.count.until_ns)},
                         {"last", time_json(row.count.last_ns)}});
    for (const SignedIn& session : sign_ins.sessions)
        sessions.push_back({{"hash", session.hash},
                            {"name", session.name},
                            {"password", session.password},
                            {"until", time_json(session.until_ns)}});
    const json root = {{"version", 1}, {"locks", locks}, {"sessions", sessions}};
    return replace_private(sign_ins_file(state_dir), root.dump(1) + "\n");
}

}  // namespace bw::access
