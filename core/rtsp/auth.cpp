// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/auth.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstdio>

#include "core/rtsp/message.h"

namespace bw::rtsp {
namespace {

std::string hex(const unsigned char* bytes, size_t size) {
    std::string out;
    constexpr char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; ++i) {
        out += digits[bytes[i] >> 4];
        out += digits[bytes[i] & 15];
    }
    return out;
}

std::string base64(std::string_view text) {
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    out.resize(static_cast<size_t>(size));
    return out;
}

/// In double quotes, as RFC 7230 has them.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

/// Cuts one `key=value` off, the value with quotes or without; false: there is none.
bool cut_parameter(std::string_view& text, std::string_view& key, std::string& value) {
    const size_t start = text.find_first_not_of(" \t,");
    const size_t equals = text.find('=', start);
    if (start == std::string_view::npos || equals == std::string_view::npos) return false;
    key = trimmed(text.substr(start, equals - start));
    text = trimmed(text.substr(equals + 1));
    value.clear();
    if (!text.starts_with('"')) {
        const size_t end = std::min(text.find(','), text.size());
        value = trimmed(text.substr(0, end));
        text.remove_prefix(end);
        return true;
    }
    size_t at = 1;
    for (; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        value += text[at];
    }
    text.remove_prefix(std::min(at + 1, text.size()));
    return true;
}

}  // namespace

Auth::Challenge Auth::parse(std::string_view text) {
    text = trimmed(text);
    const std::string_view word = text.substr(0, text.find_first_of(" \t"));
    Challenge out;
    if (same_word(word, "Basic")) out.scheme = Scheme::basic;
    if (same_word(word, "Digest")) out.scheme = Scheme::md5;
    text.remove_prefix(word.size());
    std::string_view key;
    std::string value;
    while (cut_parameter(text, key, value)) {
        if (same_word(key, "realm")) out.realm = value;
        if (same_word(key, "nonce")) out.nonce = value;
        if (same_word(key, "opaque")) out.opaque = value;
        if (same_word(key, "stale")) out.stale = same_word(value, "true");
        if (same_word(key, "qop")) out.qop = value.find("auth") != std::string::npos;
        if (same_word(key, "algorithm")) out.algorithm = value;
    }
    if (out.scheme != Scheme::md5) return out;
    std::string_view algorithm = out.algorithm;
    if (algorithm.size() > 5 && same_word(algorithm.substr(algorithm.size() - 5), "-sess")) {
        out.session = true;
        algorithm.remove_suffix(5);
    }
    if (same_word(algorithm, "SHA-256"))
        out.scheme = Scheme::sha256;
    else if (!algorithm.empty() && !same_word(algorithm, "MD5"))
        out.scheme = Scheme::none;
    return out;
}

bool Auth::challenged(const std::vector<std::string_view>& challenges) {
    Challenge best;
    for (const std::string_view text : challenges) {
        Challenge one = parse(text);
        if (one.scheme > best.scheme) best = std::move(one);
    }
    if (best.scheme == Scheme::none || user_.empty()) return false;
    // A nonce may grow old; whoever is refused with a fresh one has the wrong password.
    if (challenge_.scheme != Scheme::none && !best.stale && count_ < 2) return false;
    challenge_ = std::move(best);
    count_ = 0;
    return true;
}

std::string Auth::hashed(const std::string& text) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    const EVP_MD* kind = challenge_.scheme == Scheme::sha256 ? EVP_sha256() : EVP_md5();
    if (EVP_Digest(text.data(), text.size(), out.data(), &size, kind, nullptr) != 1) return {};
    return hex(out.data(), size);
}

std::string Auth::answer(std::string_view method, std::string_view url) {
    if (challenge_.scheme == Scheme::none) return {};
    ++count_;
    if (challenge_.scheme == Scheme::basic) return "Basic " + base64(user_ + ":" + password_);
    std::array<unsigned char, 8> random{};
    RAND_bytes(random.data(), static_cast<int>(random.size()));
    const std::string cnonce = hex(random.data(), random.size());
    char count[9];
    std::snprintf(count, sizeof count, "%08x", count_);
    const std::string& nonce = challenge_.nonce;
    std::string secret = hashed(user_ + ":" + challenge_.realm + ":" + password_);
    if (challenge_.session) secret = hashed(secret + ":" + nonce + ":" + cnonce);
    const std::string what = hashed(std::string(method) + ":" + std::string(url));
    const std::string middle =
        challenge_.qop ? nonce + ":" + count + ":" + cnonce + ":auth:" : nonce + ":";
    std::string out = "Digest username=" + quoted(user_) + ", realm=" + quoted(challenge_.realm) +
                      ", nonce=" + quoted(nonce) + ", uri=" + quoted(url) +
                      ", response=" + quoted(hashed(secret + ":" + middle + what));
    if (!challenge_.algorithm.empty()) out += ", algorithm=" + challenge_.algorithm;
    if (!challenge_.opaque.empty()) out += ", opaque=" + quoted(challenge_.opaque);
    if (challenge_.qop) out.append(", qop=auth, nc=").append(count);
    if (challenge_.qop || challenge_.session) out += ", cnonce=" + quoted(cnonce);
    return out;
}

}  // namespace bw::rtsp
