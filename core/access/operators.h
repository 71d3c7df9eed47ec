// SPDX-License-Identifier: Apache-2.0
// The people of a wall and their tokens, as STATE/operators.json has them. Plain data; a file is
// read and written on any thread, by any process: a lock orders the writers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace bw::access {

struct Token {
    std::string id;        // eight hex digits, to revoke it by
    std::string hash;      // of hash_token()
    int64_t until_ns = 0;  // wall clock; 0: as long as its operator
    bool operator==(const Token&) const = default;
};

struct Operator {
    std::string name;
    std::string role;
    std::string password;  // argon2id; empty: signs in with tokens alone
    int64_t until_ns = 0;  // wall clock; 0: until removed
    std::vector<Token> tokens;
    bool operator==(const Operator&) const = default;
};

inline constexpr size_t kMaxOperators = 500, kMaxTokens = 20;

struct Operators {
    std::vector<Operator> list;
    [[nodiscard]] const Operator* find(const std::string& name) const;
    [[nodiscard]] Operator* find(const std::string& name);
    /// Whose token that is; also an expired one's.
    [[nodiscard]] const Operator* of_token(const std::string& hash, const Token** token) const;
};

bool has_ended(int64_t until_ns, int64_t now_ns);
/// Why this person, or a token of theirs, may not come in (any more); empty: they may.
std::string expiry_fault(const Operator& person, const Token* token, int64_t now_ns);

/// STATE/operators.json.
std::filesystem::path operators_file(const std::filesystem::path& state_dir);
/// No file: nobody. "invalid", with the place: it is no such file, and nobody may be let in by it.
base::Result<Operators> load_operators(const std::filesystem::path& state_dir);
/// Reads, lets `change` do its work, and writes whole or not at all, one process at a time. An
/// error of `change` is given back and nothing is written.
base::Status change_operators(const std::filesystem::path& state_dir,
                              const std::function<base::Status(Operators&)>& change);

}  // namespace bw::access
