// SPDX-License-Identifier: Apache-2.0
#include "core/access/passwords.h"

#include <fmt/core.h>
#include <sodium.h>

#include <cstdlib>

#include "core/base/ids.h"
#include "core/config/readers.h"

namespace bw::access {
namespace {

constexpr auto kOps = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;
constexpr auto kMemory = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;

void ready() {
    static const bool done = sodium_init() >= 0;
    if (!done) std::abort();  // no randomness: nothing may be kept under guessable salts
}

/// Of no password that anybody knows.
const std::string& nobodys_hash() {
    static const std::string hash = [] {
        auto made = hash_password(base::random_hex(16));
        return made ? *made : std::string();
    }();
    return hash;
}

}  // namespace

std::string password_fault(const std::string& password) {
    if (password.size() < kMinPasswordBytes || password.size() > kMaxPasswordBytes)
        return fmt::format("a password has {} to {} bytes", kMinPasswordBytes, kMaxPasswordBytes);
    for (const char c : password)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return "a password is one line without control characters";
    // It comes to the hub in JSON: another encoding could never be said there.
    if (!config::is_utf8(password))
        return "a password is text in UTF-8: set the terminal's encoding to it";
    return {};
}

base::Result<std::string> hash_password(const std::string& password) {
    ready();
    char text[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(text, password.data(), password.size(), kOps, kMemory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return base::Error{"system", "a password needs 64 MiB of memory to be hashed: free some"};
    return std::string(text);
}

bool is_password(const std::string& password, const std::string& hash) {
    ready();
    const bool real = hash.size() < crypto_pwhash_STRBYTES && hash.rfind("$argon2id$", 0) == 0;
    const std::string& compared = real ? hash : nobodys_hash();
    const int differs =
        crypto_pwhash_str_verify(compared.c_str(), password.data(), password.size());
    return real && differs == 0;
}

std::string make_token() {
    return "bw_" + base::random_hex(32);
}

std::string hash_token(const std::string& token) {
    return sha256(token);
}

std::string sha256(const std::string& bytes) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : digest) {
        hex += kDigits[byte >> 4];
        hex += kDigits[byte & 15];
    }
    return hex;
}

}  // namespace bw::access
