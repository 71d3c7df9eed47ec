// SPDX-License-Identifier: Apache-2.0
// Passwords as argon2id hashes (libsodium), tokens as SHA-256 of 32 random bytes. Thread-safe;
// hashing and verifying a password take some 0.1 s and 64 MiB: never on a loop.
#pragma once

#include <string>

#include "core/base/result.h"

namespace bw::access {

inline constexpr size_t kMinPasswordBytes = 8, kMaxPasswordBytes = 256;

/// What is wrong with a password that somebody wants; empty: nothing.
std::string password_fault(const std::string& password);
/// "$argon2id$…". "system": there is not enough memory.
base::Result<std::string> hash_password(const std::string& password);
/// An empty or broken hash takes as long as a good one, and is never right.
bool is_password(const std::string& password, const std::string& hash);

/// "bw_" and 64 hex digits.
std::string make_token();
/// What is kept of it.
std::string hash_token(const std::string& token);

/// Lower-case hex of the SHA-256 of `bytes`.
std::string sha256(const std::string& bytes);

}  // namespace bw::access
