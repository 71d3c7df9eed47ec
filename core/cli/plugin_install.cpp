// SPDX-License-Identifier: Apache-2.0
// beaconwall plugin install | remove: a plugin's folder beside the others, whole or not at all.
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "core/base/ids.h"
#include "core/base/paths.h"
#include "core/cli/commands.h"
#include "core/cli/copy_folder.h"
#include "core/config/readers.h"

namespace bw::cli {
namespace {

namespace fs = std::filesystem;

int refuse(const std::string& why) {
    fmt::print(stderr, "{}\n", why);
    return Exit::refused;
}

/// Where new plugins go: the first of the folders that are searched.
fs::path home() {
    const auto folders = base::plugin_folders();
    return folders.empty() ? fs::path() : folders.front();
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

void print_row(const char* what, const std::string& value) {
    if (!value.empty()) fmt::print("  {:<22} {}\n", what, value);
}

/// What the person who installs it should know.
void print_permissions(const config::Plugin& p) {
    fmt::print("{} {} by {}\n", p.name, p.version.empty() ? "(no version)" : p.version,
               p.vendor.empty() ? "(no vendor)" : p.vendor);
    print_row("licence", p.licence.empty() ? "not said" : p.licence);
    std::vector<std::string> panels, commands;
    for (const auto& panel : p.panels) {
        panels.push_back(p.name + "/" + panel.id);
        commands.insert(commands.end(), panel.commands.begin(), panel.commands.end());
    }
    print_row("panels", joined(panels));
    print_row("may send, on a press", joined(commands));
    print_row("hears", joined(p.subscribes));
    if (p.service.empty()) return;
    print_row("service", p.service.filename().string());
    print_row("publishes", joined(p.publishes));
    print_row("writes records", joined(p.owns));
    print_row("connects to", p.network.empty() ? "nothing" : joined(p.network));
    print_row("opens besides its own", joined(p.files));
}

bool person_agrees() {
    if (isatty(STDIN_FILENO) == 0) {
        fmt::print(stderr, "nobody is here to ask; --yes installs without asking\n");
        return false;
    }
    fmt::print("Install it? [y/N] ");
    std::fflush(stdout);
    const int answer = std::getchar();
    return answer == 'y' || answer == 'Y';
}

/// Copies `from` beside its place and swaps the two in one step: a wall that runs sees the old
/// plugin or the new one. What was there before goes away.
std::string put_in_place(const fs::path& from, const fs::path& to) {
    const fs::path next = to.parent_path() / ("." + to.filename().string() + ".new");
    std::error_code error;
    fs::remove_all(next, error);
    fs::create_directories(to.parent_path(), error);
    std::string why;
    if (error) why = fmt::format("{}: {}", to.parent_path().string(), error.message());
    if (why.empty())
        if (auto copied = copy_folder(from, next); !copied) why = copied.error().text;
    const unsigned flags = fs::exists(to, error) ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    if (why.empty() && renameat2(AT_FDCWD, next.c_str(), AT_FDCWD, to.c_str(), flags) != 0)
        why = base::errno_error(to.string()).text;
    std::error_code ignored;
    fs::remove_all(next, ignored);
    return why;
}

/// A link could lead out of the folder, to another file tomorrow.
std::string strange_file(const fs::path& folder) {
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error))
        if (!at->is_directory(error) && (!at->is_regular_file(error) || at->is_symlink(error)))
            return fmt::format("found {}; allowed: files and folders, no links",
                               at->path().string());
    return error ? fmt::format("{}: {}", folder.string(), error.message()) : "";
}

}  // namespace

int plugin_install(const InstallOptions& options) {
    std::error_code error;
    const fs::path folder = fs::canonical(options.folder, error);
    if (error) return refuse(fmt::format("{}: {}", options.folder.string(), error.message()));
    std::vector<config::Fault> faults;
    const auto plugin = config::read_plugin(folder, faults);
    for (const config::Fault& fault : faults) fmt::print(stderr, "{}\n", config::to_string(fault));
    if (!plugin) return Exit::refused;
    if (const std::string why = strange_file(folder); !why.empty()) return refuse(why);
    print_permissions(*plugin);
    if (!options.yes && !person_agrees()) return Exit::refused;
    const fs::path to = home() / plugin->name;
    if (fs::equivalent(folder, to, error))
        return refuse("it is installed already: that is its place");
    const bool replaces = fs::exists(to, error);
    if (const std::string why = put_in_place(folder, to); !why.empty()) return refuse(why);
    fmt::print("installed in {}\n", to.string());
    if (replaces)
        fmt::print("a wall that shows it takes the new one with: beaconwall ctl plugin reload {}\n",
                   plugin->name);
    return Exit::done;
}

int plugin_remove(const std::string& name) {
    if (!base::is_safe_name(name)) return refuse(fmt::format("\"{}\" is no plugin's name", name));
    const fs::path place = home() / name;
    std::error_code error;
    if (!fs::exists(place / "plugin.toml", error))
        return refuse(fmt::format("no plugin {} in {}; `beaconwall plugin list` says what is there",
                                  name, home().string()));
    // Out of sight in one step; a wall that runs keeps what it has loaded.
    const fs::path gone = home() / ("." + name + ".gone");
    fs::remove_all(gone, error);
    fs::rename(place, gone, error);
    if (error) return refuse(fmt::format("{}: {}", place.string(), error.message()));
    fs::remove_all(gone, error);
    fmt::print("removed {}\n", place.string());
    return Exit::done;
}

int plugin_check(const std::vector<std::string>& words) {
    const std::string program = base::role_program("check").string();
    std::vector<const char*> argv{program.c_str()};
    for (const std::string& word : words) argv.push_back(word.c_str());
    argv.push_back(nullptr);
    ::execv(program.c_str(), const_cast<char* const*>(argv.data()));
    fmt::print(stderr, "{}: {}\n", program, std::strerror(errno));
    return Exit::refused;
}

}  // namespace bw::cli
