// SPDX-License-Identifier: Apache-2.0
// The keys of other machines, as STATE/keys.json has them, and the hub's own in STATE/server.key.
// Curve25519 pairs as CurveZMQ (ZeroMQ RFC 26) has them; a key is written in Z85 (RFC 32), 40
// characters. Plain data; files are read and written on any thread, by any process: a lock orders
// the writers. They wait for the disk: never on a loop.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace bw::access {

struct KeyPair {
    std::string public_key, secret_key;
};
/// "system": this libzmq has no CURVE.
base::Result<KeyPair> make_key_pair();
/// 40 characters that stand for 32 bytes.
bool is_key(std::string_view text);
/// The 32 bytes as Z85.
std::string key_text(const unsigned char (&bytes)[32]);

/// A machine or program elsewhere that may connect. Its secret half is known there alone.
struct Key {
    std::string name, role, public_key;
    std::string made;  // RFC 3339
    bool operator==(const Key&) const = default;
};

inline constexpr size_t kMaxKeys = 500;

struct Keys {
    std::vector<Key> list;
    [[nodiscard]] const Key* find(std::string_view name) const;
    [[nodiscard]] const Key* of(std::string_view public_key) const;
};

/// STATE/keys.json.
std::filesystem::path keys_file(const std::filesystem::path& state_dir);
/// No file: no keys. "invalid", with the place: it is no such file, and nobody may be let in by it.
base::Result<Keys> load_keys(const std::filesystem::path& state_dir);
/// Reads, lets `change` do its work, and writes whole or not at all, one process at a time. An
/// error of `change` is given back and nothing is written.
base::Status change_keys(const std::filesystem::path& state_dir,
                         const std::function<base::Status(Keys&)>& change);

/// The hub's own pair, from STATE/server.key; made there, mode 0600, when it is not there.
/// "invalid": it is damaged, or others can read it.
base::Result<KeyPair> server_key(const std::filesystem::path& state_dir);

/// All that a client needs, as the file has it that `beaconwall key new` makes.
struct ClientKey {
    std::string name;
    KeyPair pair;
    std::string server;  // the hub's public key
};
/// Never over a file that is there ("conflict").
base::Status store_client_key(const std::filesystem::path& file, const ClientKey& key);
/// "invalid": it is no such file, or others can read it.
base::Result<ClientKey> load_client_key(const std::filesystem::path& file);

}  // namespace bw::access
