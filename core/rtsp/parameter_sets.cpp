// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/parameter_sets.h"

#include <openssl/evp.h>

#include <vector>

#include "core/rtsp/message.h"

namespace bw::rtsp {
namespace {

constexpr size_t kMostText = 8192;

/// Empty: not base64.
std::vector<uint8_t> decoded(std::string_view text) {
    std::string padded(trimmed(text));
    while (padded.size() % 4 != 0) padded += '=';
    if (padded.empty() || padded.size() > kMostText) return {};
    std::vector<uint8_t> bytes(padded.size() / 4 * 3);
    const int size =
        EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(padded.data()),
                        static_cast<int>(padded.size()));
    if (size < 0) return {};
    size_t count = static_cast<size_t>(size);
    for (auto it = padded.rbegin(); it != padded.rend() && *it == '=' && count > 0; ++it) --count;
    bytes.resize(count);
    return bytes;
}

}  // namespace

void offer_parameter_sets(const Media& media, Units& units) {
    for (const char* name : {"sprop-vps", "sprop-sps", "sprop-pps", "sprop-parameter-sets"}) {
        const std::string sets = media.parameter(name);
        for (std::string_view rest = sets; !rest.empty();) {
            const size_t end = std::min(rest.find(','), rest.size());
            const auto bytes = decoded(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            // Through the same sieve as the stream: start codes are taken off, several split.
            Depay split(Codec::h264, [&](Nal nal, bool) { units.offer(nal); });
            split.put_units(bytes);
        }
    }
}

}  // namespace bw::rtsp
