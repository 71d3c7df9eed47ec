// SPDX-License-Identifier: Apache-2.0
// secrets.toml. No fault of this file repeats what stands in it.
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/config/readers.h"

namespace bw::config {
namespace {

/// Only its owner may read it, and that is us (or root, who wrote it for us).
void check_mode(const std::filesystem::path& path, Report& report) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return;  // read_toml tells
    if (status.st_mode & 0077)
        report.add(fault::secrets_readable, {},
                   fmt::format("found mode {:04o}; allowed: 0600 (chmod 600 secrets.toml)",
                               status.st_mode & 07777));
    else if (status.st_uid != ::geteuid() && ::geteuid() != 0)
        report.add(fault::secrets_readable, {},
                   fmt::format("found a file of user {}; allowed: your own", status.st_uid));
}

/// A secret as it stands, not checked like a text of the wall.
std::string read_secret(Table& table, std::string_view key) {
    const Node* node = table.find(key, Node::Kind::string, Need::required);
    return node ? node->text : "";
}

}  // namespace

SecretFile read_secrets(const std::filesystem::path& folder, Report& report) {
    SecretFile file;
    report.keep_values_secret();
    const auto root = read_toml(folder / "secrets.toml", report, IfAbsent::nothing);
    check_mode(folder / "secrets.toml", report);
    if (!root) return file;
    Table table(report, *root, "secrets.toml");
    for (const Node* node : table.tables("camera")) {
        Table entry(report, *node, "[[camera]]");
        const std::string id = entry.name("id", Need::required);
        const Secret secret{read_secret(entry, "user"), read_secret(entry, "password")};
        entry.finish();
        if (id.empty()) continue;  // told already
        if (!file.secrets.emplace("camera/" + id, secret).second)
            report.add(fault::secret_twice, node->place,
                       fmt::format("found camera {} a second time; allowed: once", id));
        file.places.emplace("camera/" + id, node->place);
    }
    table.finish();
    return file;
}

Loaded<std::map<std::string, Secret>> load_secrets(const std::filesystem::path& folder) {
    Loaded<std::map<std::string, Secret>> loaded;
    Report report(loaded.faults, "secrets.toml");
    loaded.value = read_secrets(folder, report).secrets;
    return loaded;
}

}  // namespace bw::config
