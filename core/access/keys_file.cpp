// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <sys/stat.h>
#include <zmq.h>

#include <array>
#include <nlohmann/json.hpp>

#include "core/access/keys.h"
#include "core/access/private_file.h"
#include "core/base/ids.h"

namespace bw::access {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr size_t kMaxFileBytes = 1 << 20;

std::string text_of(const json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

bool read_key(const json& entry, Key& key) {
    if (!entry.is_object()) return false;
    key = {text_of(entry, "name"), text_of(entry, "role"), text_of(entry, "public"),
           text_of(entry, "made")};
    return base::is_safe_name(key.name) && !key.role.empty() && is_key(key.public_key);
}

base::Error broken(const fs::path& file, const std::string& what) {
    return {"invalid", fmt::format("{}: {}; no other machine is let in by it: mend it, or remove "
                                   "it and make the keys anew",
                                   file.string(), what)};
}

base::Status store(const fs::path& folder, const Keys& keys) {
    json list = json::array();
    for (const Key& key : keys.list)
        list.push_back({{"name", key.name},
                        {"role", key.role},
                        {"public", key.public_key},
                        {"made", key.made}});
    return replace_private(keys_file(folder), json{{"version", 1}, {"keys", list}}.dump(1) + "\n");
}

/// A secret that others can read is none. The text, if it is one.
base::Result<std::string> read_secret(const fs::path& file) {
    struct stat info {};
    if (::stat(file.c_str(), &info) == 0 && (info.st_mode & 077) != 0)
        return base::Error{"invalid", fmt::format("{}: others can read it; if nobody did: chmod "
                                                  "600, else make a new one",
                                                  file.string())};
    return read_small(file, kMaxFileBytes);
}

/// The halves belong together.
bool is_pair(const KeyPair& pair) {
    std::array<char, 41> open{};
    return is_key(pair.public_key) && is_key(pair.secret_key) &&
           zmq_curve_public(open.data(), pair.secret_key.c_str()) == 0 &&
           pair.public_key == open.data();
}

base::Result<KeyPair> read_server_key(const fs::path& file) {
    const auto text = read_secret(file);
    if (!text) return text.error();
    const json root = json::parse(*text, nullptr, false);
    if (root.is_object()) {
        KeyPair pair{text_of(root, "public"), text_of(root, "secret")};
        if (is_pair(pair)) return pair;
    }
    return base::Error{"invalid",
                       fmt::format("{}: it is no key pair; put the file back as it was, or remove "
                                   "it: then every client needs a new file of its own",
                                   file.string())};
}

}  // namespace

fs::path keys_file(const fs::path& state_dir) {
    return state_dir / "keys.json";
}

base::Result<Keys> load_keys(const fs::path& state_dir) {
    const fs::path file = keys_file(state_dir);
    const auto text = read_small(file, kMaxFileBytes);
    if (!text && text.error().code == "not_found") return Keys{};
    if (!text && text.error().code == "invalid") return broken(file, "it is larger than 1 MiB");
    if (!text) return text.error();
    const json root = json::parse(*text, nullptr, false);
    if (!root.is_object() || !root.contains("keys") || !root["keys"].is_array())
        return broken(file, "it is no list of keys in JSON");
    Keys keys;
    for (const json& entry : root["keys"]) {
        Key key;
        if (!read_key(entry, key) || keys.find(key.name) != nullptr ||
            keys.of(key.public_key) != nullptr)
            return broken(file, fmt::format("entry {} is no key", keys.list.size() + 1));
        keys.list.push_back(std::move(key));
    }
    return keys;
}

base::Status change_keys(const fs::path& state_dir,
                         const std::function<base::Status(Keys&)>& change) {
    const auto lock = lock_file(state_dir / ".keys.lock");
    if (!lock) return lock.error();
    auto keys = load_keys(state_dir);
    if (!keys) return keys.error();
    if (const auto changed = change(*keys); !changed) return changed;
    return store(state_dir, *keys);
}

base::Result<KeyPair> server_key(const fs::path& state_dir) {
    const fs::path file = state_dir / "server.key";
    // The hub and the command may both be first.
    const auto lock = lock_file(state_dir / ".server.lock");
    if (!lock) return lock.error();
    auto there = read_server_key(file);
    if (there || there.error().code != "not_found") return there;
    auto made = make_key_pair();
    if (!made) return made;
    const json root = {{"public", made->public_key}, {"secret", made->secret_key}};
    if (const auto kept = replace_private(file, root.dump(1) + "\n"); !kept) return kept.error();
    return made;
}

base::Status store_client_key(const fs::path& file, const ClientKey& key) {
    const json root = {{"name", key.name},
                       {"public", key.pair.public_key},
                       {"secret", key.pair.secret_key},
                       {"server", key.server}};
    return create_private(file, root.dump(1) + "\n");
}

base::Result<ClientKey> load_client_key(const fs::path& file) {
    const auto text = read_secret(file);
    if (!text) return text.error();
    const json root = json::parse(*text, nullptr, false);
    if (root.is_object()) {
        ClientKey key{text_of(root, "name"),
                      {text_of(root, "public"), text_of(root, "secret")},
                      text_of(root, "server")};
        if (is_pair(key.pair) && is_key(key.server)) return key;
    }
    return base::Error{"invalid", fmt::format("{}: it is no key file; beaconwall key new makes one",
                                              file.string())};
}

}  // namespace bw::access
