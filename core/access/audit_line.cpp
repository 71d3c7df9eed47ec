// SPDX-License-Identifier: Apache-2.0
#include "core/access/audit_line.h"

#include <nlohmann/json.hpp>

#include "core/access/passwords.h"
#include "core/base/clock.h"

namespace bw::access {
namespace {

constexpr std::string_view kHash = ",\"hash\":\"", kEnd = "\"}";
constexpr size_t kHashBytes = 64, kTail = kHash.size() + kHashBytes + kEnd.size();
// What people and peers send is quoted, not kept whole.
constexpr size_t kMaxText = 512;

std::string cut(const std::string& text) {
    return text.size() <= kMaxText ? text : text.substr(0, kMaxText) + "…";
}

}  // namespace

AuditLine make_line(uint64_t n, const AuditEntry& entry, const std::string& prev) {
    nlohmann::ordered_json body = {{"n", n},
                                   {"time", base::rfc3339(entry.time_ns)},
                                   {"who", cut(entry.who)},
                                   {"from", cut(entry.from)},
                                   {"what", cut(entry.what)},
                                   {"action", cut(entry.action)},
                                   {"subject", cut(entry.subject)},
                                   {"outcome", entry.passed ? "passed" : "refused"},
                                   {"why", cut(entry.why)},
                                   {"prev", prev}};
    std::string text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    const std::string hash = sha256(text);
    text.pop_back();
    text.append(kHash).append(hash).append(kEnd);
    return {n, prev, hash, std::move(text), entry.time_ns};
}

std::optional<AuditLine> read_line(std::string_view text) {
    if (text.size() < kTail) return std::nullopt;
    const std::string_view tail = text.substr(text.size() - kTail);
    if (tail.substr(0, kHash.size()) != kHash || tail.substr(kTail - kEnd.size()) != kEnd)
        return std::nullopt;
    const std::string body = std::string(text.substr(0, text.size() - kTail)) + "}";
    AuditLine line;
    line.hash = tail.substr(kHash.size(), kHashBytes);
    if (sha256(body) != line.hash) return std::nullopt;
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto n = json.find("n"), prev = json.find("prev"), time = json.find("time");
    if (n == json.end() || !n->is_number_unsigned() || prev == json.end() || !prev->is_string() ||
        time == json.end() || !time->is_string())
        return std::nullopt;
    line.n = n->get<uint64_t>();
    line.prev = prev->get<std::string>();
    line.time_ns = base::parse_rfc3339(time->get<std::string>()).value_or(0);
    line.text = text;
    return line;
}

}  // namespace bw::access
