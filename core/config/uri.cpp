// SPDX-License-Identifier: Apache-2.0
// The addresses of sources. A fault names what is wrong and never repeats an address that may hold
// a password.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "core/config/readers.h"

namespace bw::config {
namespace {

const std::vector<std::string>& schemes() {
    static const std::vector<std::string> all = {"rtsp",     "rtsps",     "rtspu",   "file", "http",
                                                 "https",    "srt",       "v4l2",    "test", "vnc",
                                                 "web+http", "web+https", "web+file"};
    return all;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// A name and password before '@', or a password among the parameters, as some makers want it.
bool holds_credentials(std::string_view rest) {
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.find('@') != std::string_view::npos) return true;
    const std::string all = lower(rest);
    for (const char* word : {"password=", "passwd=", "pwd=", "pass="})
        if (all.find(word) != std::string::npos) return true;
    return false;
}

/// What is wrong with the part after "scheme://"; empty: nothing.
std::string wrong_rest(std::string_view scheme, std::string_view rest) {
    if (rest.find_first_of(" \t\r\n\"<>\\") != std::string_view::npos)
        return "a space, quote or backslash in it; write %20 and the like";
    if (scheme == "file" || scheme == "v4l2" || scheme == "web+file")
        return rest.size() > 1 && rest[0] == '/'
                   ? ""
                   : "no absolute path; write file:///folder/name or v4l2:///dev/video0";
    if (rest.empty() || rest[0] == '/' || rest[0] == ':' || rest[0] == '?')
        return scheme == "test" ? "no pattern; write test://smpte or test://ball"
                                : "no host after //";
    return "";
}

}  // namespace

bool check_uri(const Node& uri, std::string_view key, Report& report) {
    const std::string_view text = uri.text;
    const size_t mark = text.find("://");
    const std::string scheme = lower(text.substr(0, mark == std::string_view::npos ? 0 : mark));
    const std::string_view rest = mark == std::string_view::npos ? text : text.substr(mark + 3);
    if (holds_credentials(rest)) {
        report.add(fault::credentials_in_uri, uri.place,
                   fmt::format("found a name or password inside the address `{}`; allowed: only in "
                               "secrets.toml, by camera id",
                               key));
        return false;
    }
    if (std::find(schemes().begin(), schemes().end(), scheme) == schemes().end()) {
        report.add(
            fault::unknown_scheme, uri.place,
            fmt::format("found {} as `{}`; allowed: an address that begins with SCHEME://, one "
                        "of {}",
                        in_quotes(text), key, allowed_words(schemes(), scheme)));
        return false;
    }
    const std::string wrong = wrong_rest(scheme, rest);
    if (wrong.empty() && check_text(report, uri, key)) return true;
    if (!wrong.empty())
        report.add(fault::bad_uri, uri.place,
                   fmt::format("found {} as `{}` with {}", in_quotes(text), key, wrong));
    return false;
}

}  // namespace bw::config
