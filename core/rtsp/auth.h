// SPDX-License-Identifier: Apache-2.0
// Answers a server's challenge: Digest with SHA-256 or MD5 (RFC 7616, RFC 2617), or Basic (RFC
// 7617). The strongest that is offered, except that Basic is only chosen where there is no Digest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bw::rtsp {

class Auth {
  public:
    Auth(std::string user, std::string password)
        : user_(std::move(user)), password_(std::move(password)) {}

    /// The values of WWW-Authenticate. False: nothing of it can be answered, or the same challenge
    /// was answered already, so that name or password are wrong.
    bool challenged(const std::vector<std::string_view>& challenges);
    /// The value of Authorization for a request; empty: nothing has been asked for yet.
    std::string answer(std::string_view method, std::string_view url);

  private:
    enum class Scheme : unsigned char { none, basic, md5, sha256 };
    struct Challenge {
        Scheme scheme = Scheme::none;
        std::string realm, nonce, opaque, algorithm;
        bool qop = false, stale = false, session = false;
    };
    static Challenge parse(std::string_view text);
    [[nodiscard]] std::string hashed(const std::string& text) const;

    const std::string user_, password_;
    Challenge challenge_;
    unsigned count_ = 0;  // requests answered with this nonce
};

}  // namespace bw::rtsp
