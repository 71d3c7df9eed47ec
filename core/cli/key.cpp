// SPDX-License-Identifier: Apache-2.0
// beaconwall key new | list | revoke: the other machines that may connect to a wall, in its state
// folder, whether or not it runs.
#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/access/keys.h"
#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/paths.h"
#include "core/cli/commands.h"
#include "core/cli/text_table.h"
#include "core/config/site.h"

namespace bw::cli {
namespace {

namespace fs = std::filesystem;
using access::Key;
using access::Keys;

/// What ctl on the other machine is told; with the site it says where.
std::string address_of(const KeyOptions& options) {
    if (!options.site) return "tcp://ADDRESS:PORT";
    const auto plugins = config::find_plugins(base::plugin_folders());
    const std::string listen =
        config::load_site(*options.site, plugins.value).value.wall.hub.listen;
    if (listen.empty())
        fmt::print(stderr,
                   "the wall listens for no other machine yet: wall.toml needs [hub] with listen "
                   "= \"tcp://ADDRESS:PORT\"\n");
    if (listen.empty() || listen.find("//*") != std::string::npos) return "tcp://ADDRESS:PORT";
    return listen;
}

base::Status keep(const fs::path& folder, Key key) {
    return access::change_keys(folder, [&](Keys& keys) -> base::Status {
        if (keys.find(key.name) != nullptr)
            return no(fmt::format("there is a key {} already: revoke it first", key.name));
        if (keys.list.size() >= access::kMaxKeys)
            return no(fmt::format("at most {} keys", access::kMaxKeys));
        keys.list.push_back(key);
        return {};
    });
}

}  // namespace

int key_new(const KeyOptions& options) {
    if (!base::is_safe_name(options.name))
        return fail("a name is letters A-Z a-z, digits, '-', '_' and '.', at most 64 of them");
    const fs::path folder = folder_of(options);
    if (folder.empty() || !has_role(options, options.role)) return Exit::refused;
    const auto server = access::server_key(folder);
    if (!server) return fail(server.error().text);
    const auto pair = access::make_key_pair();
    if (!pair) return fail(pair.error().text);
    const fs::path file = options.file.value_or(options.name + ".key");
    // First the half that cannot be made again; without the other one it opens nothing.
    if (const auto kept = access::store_client_key(file, {options.name, *pair, server->public_key});
        !kept)
        return fail(kept.error().text);
    const auto known = keep(
        folder, {options.name, options.role, pair->public_key, base::rfc3339(base::wall_ns())});
    if (!known) {
        std::error_code ignored;
        fs::remove(file, ignored);
        return fail(known.error().text);
    }
    fmt::print(
        "{} holds the key {} ({}): bring it to its machine, mode 0600, and keep no copy. There:\n"
        "    beaconwall ctl --hub {} --key {} status\n",
        file.string(), options.name, options.role, address_of(options), file.filename().string());
    return Exit::done;
}

int key_list(const KeyOptions& options) {
    const fs::path folder = folder_of(options);
    if (folder.empty()) return Exit::refused;
    const auto keys = access::load_keys(folder);
    if (!keys) return fail(keys.error().text);
    nlohmann::json list = nlohmann::json::array();
    TextTable table({"NAME", "ROLE", "MADE", "PUBLIC"});
    for (const Key& key : keys->list) {
        table.add({key.name, key.role, key.made, key.public_key});
        list.push_back({{"name", key.name},
                        {"role", key.role},
                        {"made", key.made},
                        {"public", key.public_key}});
    }
    if (options.json)
        fmt::print("{}\n", nlohmann::json{{"keys", list}}.dump(2));
    else
        fmt::print("{}", table.text());
    return Exit::done;
}

int key_revoke(const KeyOptions& options) {
    const fs::path folder = folder_of(options);
    if (folder.empty()) return Exit::refused;
    const auto changed = access::change_keys(folder, [&](Keys& keys) -> base::Status {
        if (std::erase_if(keys.list, [&](const Key& each) { return each.name == options.name; }) ==
            0)
            return no("there is no key " + options.name);
        return {};
    });
    return changed ? Exit::done : fail(changed.error().text);
}

}  // namespace bw::cli
