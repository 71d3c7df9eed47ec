// SPDX-License-Identifier: Apache-2.0
// One line of the audit: JSON that ends in the hash of all that stands before it, the hash of the
// line before among it. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bw::access {

struct AuditEntry {
    int64_t time_ns = 0;  // wall clock
    std::string who;      // "operator:li", "local:1000", "service:supplies"
    std::string from;     // the peer's name, and "token ID" or "session"
    std::string what;     // a command's type, or "verb:…"
    std::string action;   // core/config/actions.h
    std::string subject;  // what it was about, with what of its data says where
    bool passed = false;
    std::string why;  // it was refused
};

/// The hash that the first line names.
inline constexpr std::string_view kNoHash =
    "0000000000000000000000000000000000000000000000000000000000000000";

struct AuditLine {
    uint64_t n = 0;    // from 1, without gaps
    std::string prev;  // hash of the line before
    std::string hash;  // its own
    std::string text;  // without the line's end
    int64_t time_ns = 0;
};

AuditLine make_line(uint64_t n, const AuditEntry& entry, const std::string& prev);
/// Nothing: it is no such line, or its hash is not that of its text.
std::optional<AuditLine> read_line(std::string_view text);

}  // namespace bw::access
