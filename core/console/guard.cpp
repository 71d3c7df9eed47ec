// SPDX-License-Identifier: Apache-2.0
#include "core/console/guard.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace bw::console {
namespace {

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

/// "application/json", with or without parameters.
bool is_json(std::string_view content_type) {
    std::string_view media = content_type.substr(0, content_type.find(';'));
    while (!media.empty() && media.back() == ' ') media.remove_suffix(1);
    return same_word(media, "application/json");
}

}  // namespace

Guard::Guard(uint16_t port, std::string token) : port_(port), token_(std::move(token)) {}

std::optional<Refusal> Guard::check(Route route, const RequestFacts& request) const {
    // A name that another site made point at 127.0.0.1 (DNS rebinding) arrives here as a foreign
    // Host.
    if (!is_our_host(request.host)) {
        return Refusal{403, "foreign_host",
                       "This console answers only to 127.0.0.1 and localhost with its own port."};
    }
    if (route == Route::page) return std::nullopt;
    // "same-site" is not enough: every other port of this machine is the same site.
    const std::string& site = request.fetch_site;
    if (!site.empty() && site != "same-origin" && site != "none") {
        return Refusal{403, "cross_site",
                       "A page of another origin asked; only the console's own page may."};
    }
    if (!request.origin.empty() && request.origin != "http://" + request.host) {
        return Refusal{403, "foreign_origin",
                       "A page of another origin asked; only the console's own page may."};
    }
    if (route == Route::read) return std::nullopt;
    return check_change(request);
}

std::optional<Refusal> Guard::check_change(const RequestFacts& request) const {
    if (request.origin.empty() && !has_token(request.authorization)) {
        return Refusal{403, "no_origin",
                       "Needs the console's own page, or the token in the run directory's file "
                       "console.token sent as 'Authorization: Bearer TOKEN'."};
    }
    // A form of another page cannot send this type without asking first, which we never grant.
    if (!is_json(request.content_type)) {
        return Refusal{415, "not_json", "The content type must be application/json."};
    }
    if (request.chunked || request.content_length < 0) {
        return Refusal{411, "no_length", "The request must say its length (Content-Length)."};
    }
    if (request.content_length > kMaxBodyBytes) {
        return Refusal{413, "too_large", "The body may be at most 16 KiB."};
    }
    return std::nullopt;
}

bool Guard::is_our_host(std::string_view host) const {
    const std::string port = ":" + std::to_string(port_);
    static constexpr std::array<std::string_view, 3> kNames{"127.0.0.1", "localhost", "[::1]"};
    return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) {
        return same_word(host, std::string(name) + port);
    });
}

bool Guard::has_token(std::string_view authorization) const {
    static constexpr std::string_view kScheme = "Bearer ";
    if (authorization.substr(0, kScheme.size()) != kScheme) return false;
    const std::string_view given = authorization.substr(kScheme.size());
    if (given.size() != token_.size() || token_.empty()) return false;
    // Every byte is looked at, so that the time taken tells nothing about the token.
    unsigned char difference = 0;
    for (size_t i = 0; i < given.size(); ++i) {
        difference |= static_cast<unsigned char>(given[i] ^ token_[i]);
    }
    return difference == 0;
}

}  // namespace bw::console
