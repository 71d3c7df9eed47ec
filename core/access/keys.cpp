// SPDX-License-Identifier: Apache-2.0
#include "core/access/keys.h"

#include <zmq.h>

#include <algorithm>
#include <array>

namespace bw::access {
namespace {

constexpr size_t kKeyChars = 40, kKeyBytes = 32;

}  // namespace

base::Result<KeyPair> make_key_pair() {
    std::array<char, kKeyChars + 1> open{}, secret{};
    if (zmq_curve_keypair(open.data(), secret.data()) != 0)
        return base::Error{"system", "this libzmq has no CURVE: install Debian's libzmq5"};
    return KeyPair{open.data(), secret.data()};
}

bool is_key(std::string_view text) {
    if (text.size() != kKeyChars) return false;
    std::array<uint8_t, kKeyBytes> bytes{};
    return zmq_z85_decode(bytes.data(), std::string(text).c_str()) != nullptr;
}

std::string key_text(const unsigned char (&bytes)[32]) {
    std::array<char, kKeyChars + 1> text{};
    return zmq_z85_encode(text.data(), bytes, kKeyBytes) != nullptr ? text.data() : "";
}

const Key* Keys::find(std::string_view name) const {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const Key& key) { return key.name == name; });
    return found == list.end() ? nullptr : &*found;
}

const Key* Keys::of(std::string_view public_key) const {
    const auto found = std::find_if(list.begin(), list.end(),
                                    [&](const Key& key) { return key.public_key == public_key; });
    return found == list.end() ? nullptr : &*found;
}

}  // namespace bw::access
