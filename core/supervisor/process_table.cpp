// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/process_table.h"

#include <fcntl.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "core/base/clock.h"
#include "core/base/packet.h"
#include "core/base/paths.h"
#include "core/base/sanitized.h"
#include "core/supervisor/spawn.h"

namespace bw::supervisor {
namespace {

namespace fs = std::filesystem;

base::UniqueFd copy_of(int fd) {
    return base::UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

/// Canvases and textures of a software renderer are hundreds of megabytes: in pages of 2 MiB, where
/// the kernel gives them when asked (`madvise`), they are had in half the time. An older C library
/// does not know the name and says nothing. What the environment asks for already stays.
std::string large_pages() {
    const char* given = std::getenv("GLIBC_TUNABLES");
    const std::string before = given == nullptr || *given == 0 ? "" : std::string(given) + ":";
    return "GLIBC_TUNABLES=" + before + "glibc.malloc.hugetlb=1";
}

Command role_command(const Process& process, const Orders& orders) {
    Command command;
    command.words = {base::role_program(role_word(process.role)).string()};
    // A panel process gets no path at all: its plugin is named to it in `start`.
    if (process.role != Role::panel)
        for (const auto& [name, value] : {std::pair{"--site", orders.plan.folder.string()},
                                          std::pair{"--run-dir", orders.run_dir.string()},
                                          std::pair{"--state-dir", orders.state_dir.string()}}) {
            command.words.emplace_back(name);
            command.words.push_back(value);
        }
    command.words.insert(command.words.end(), {"--machine", orders.machine});
    if (orders.headless) command.words.emplace_back("--headless");
    if (process.role == Role::compositor) command.environment.push_back(large_pages());
    return command;
}

/// What a service may write: made here, because it may not write where this lies.
fs::path own_folder(const Process& process, const Orders& orders) {
    return orders.state_dir / "plugins" / process.name;
}

/// From here on the child waits in front of its exec for the guard.
base::UniqueFd close_door(const Process& process, const Orders& orders, Command& command) {
    std::error_code ignored;
    fs::create_directories(own_folder(process, orders), ignored);
    // Its memory checker looks into itself in ways that are refused.
    if (kSanitized) return {};
    auto pair = base::packet_pair();
    if (!pair) return {};
    command.writable = process.writable;
    command.writable.push_back(own_folder(process, orders));
    command.door = pair->second.release();
    return std::move(pair->first);
}

Command service_command(const Process& process, const Orders& orders) {
    Command command;
    command.words = {process.service};
    command.environment = {
        "BEACONWALL_WIRE_FD=3",
        "BEACONWALL_WIRE_PATH=" + process.wire_path,
        "BEACONWALL_SITE=" + orders.plan.folder.string(),
        "BEACONWALL_LANGUAGE=" + orders.plan.language,
        "BEACONWALL_UTC_OFFSET_MINUTES=" + std::to_string(orders.plan.utc_offset_minutes),
        "BEACONWALL_PLUGIN=" + process.name,
        "BEACONWALL_STATE=" + own_folder(process, orders).string(),
        "TMPDIR=" + own_folder(process, orders).string()};
    // Any program may be a service, also one that ignores a polite signal.
    command.parent_death_signal = SIGKILL;
    return command;
}

/// `start` and the descriptors each role finds in it (core/control/message.h).
Queued start_message(const Process& process, const Shared& shared, base::UniqueFd wire) {
    Queued item;
    item.message.kind = control::Kind::start;
    item.message.incarnation = process.incarnation;
    switch (process.role) {
        case Role::compositor:
            item.fds.push_back(copy_of(shared.glyphs));
            item.fds.push_back(copy_of(shared.scene));
            item.message.value[0] = shared.orders.plan.media;
            break;
        case Role::panel:
            item.message.set_name(process.name);
            item.message.set_text(process.library);
            item.message.set_aux(process.wire_path);
            item.message.value[0] = shared.orders.plan.language == "en" ? 2 : 1;
            item.fds.push_back(copy_of(shared.glyphs));
            item.fds.push_back(std::move(wire));
            break;
        case Role::media:
            item.message.set_name(process.peer_name());
            item.message.value = {std::stoll(process.name), shared.orders.plan.media, 0, 0};
            break;
        case Role::console:
            item.message.value[0] = shared.orders.plan.console_port;
            break;
        default:
            break;
    }
    return item;
}

void add(Processes& table, Role role, std::string name, Budget budget) {
    table.push_back(std::make_unique<Process>(role, std::move(name), budget));
}

}  // namespace

Processes make_table(const Plan& plan) {
    const Budget never_given_up{};
    const Budget plugins{plan.restart_budget, int64_t{plan.restart_window_s} * base::kSecond};
    Processes table;
    add(table, Role::hub, "main", never_given_up);
    add(table, Role::compositor, "main", never_given_up);
    for (uint32_t i = 0; i < plan.media; ++i)
        add(table, Role::media, std::to_string(i), never_given_up);
    for (const PluginPlan& plugin : plan.plugins) {
        if (plugin.library.empty()) continue;
        add(table, Role::panel, plugin.name, plugins);
        table.back()->library = plugin.library;
        table.back()->version = plugin.version;
    }
    for (const PluginPlan& plugin : plan.plugins) {
        if (plugin.service.empty()) continue;
        add(table, Role::service, plugin.name, plugins);
        table.back()->service = plugin.service;
        table.back()->allowed.network = plugin.network;
        table.back()->writable = plugin.files;
        table.back()->version = plugin.version;
    }
    add(table, Role::console, "main", never_given_up);
    if (plan.rules) add(table, Role::rules, "main", never_given_up);
    return table;
}

void add_rules(Processes& processes, int64_t due_ns) {
    add(processes, Role::rules, "main", Budget{});
    processes.back()->due_ns = due_ns;
}

std::vector<Process*> find(const Processes& processes, std::string_view name) {
    std::vector<Process*> found;
    for (const auto& process : processes) {
        const bool half = process->is_plugin() && name == "plugin/" + process->name;
        if (half || name == process->row_name()) found.push_back(process.get());
    }
    return found;
}

Process* find(const Processes& processes, Role role) {
    for (const auto& process : processes)
        if (process->role == role) return process.get();
    return nullptr;
}

namespace {

/// Output of plugins comes to us.
std::unique_ptr<Voice> listen_to(Command& command, base::UniqueFd& output, std::string name) {
    auto pipe = Voice::make();
    if (!pipe) return nullptr;
    output = std::move(pipe->second);
    command.output = output.get();
    return std::make_unique<Voice>(std::move(pipe->first), std::move(name));
}

/// A plugin that never rests takes a third of a processor where ours want it.
int niceness(const Process& process) {
    return process.is_plugin() ? 5 : 0;
}

base::Status launch_service(Process& process, const Shared& shared, const base::UniqueFd& wire) {
    Command command = service_command(process, shared.orders);
    command.fd3 = wire.get();
    command.niceness = niceness(process);
    base::UniqueFd output;
    process.voice = listen_to(command, output, process.row_name());
    base::UniqueFd door = close_door(process, shared.orders, command);
    const base::UniqueFd their_door(command.door);
    auto child = spawn(command);
    if (!child) return child.error();
    if (door.valid())
        process.guard =
            std::make_unique<sandbox::NetworkGuard>(std::move(door), child->pid, process.allowed);
    process.pid = child->pid;
    process.pidfd = std::move(child->pidfd);
    return {};
}

base::Status launch_role(Process& process, const Shared& shared, int64_t now_ns) {
    std::optional<Launched> waited;
    if (process.role == Role::panel && shared.spare) waited = shared.spare->take(now_ns);
    auto launched =
        waited ? base::Result<Launched>(std::move(*waited)) : launch(process, shared.orders);
    if (!launched) return launched.error();
    process.pid = launched->child.pid;
    process.pidfd = std::move(launched->child.pidfd);
    process.channel.emplace(std::move(launched->channel));
    process.voice = std::move(launched->voice);
    if (process.voice) process.voice->rename(process.row_name());
    return {};
}

}  // namespace

base::Result<Launched> launch(const Process& process, const Orders& orders) {
    Command command = role_command(process, orders);
    auto pair = base::packet_pair();
    if (!pair) return pair.error();
    command.fd3 = pair->second.get();
    command.niceness = niceness(process);
    base::UniqueFd output;
    std::unique_ptr<Voice> voice;
    if (process.is_plugin()) voice = listen_to(command, output, process.row_name());
    auto child = spawn(command);
    if (!child) return child.error();
    return Launched{std::move(*child), control::Channel(std::move(pair->first)), std::move(voice)};
}

base::Status start(Process& process, uint64_t incarnation, const Shared& shared, int64_t now_ns) {
    process.incarnation = incarnation;
    base::UniqueFd wire;
    if (process.is_plugin()) {
        auto made = shared.directory.make_wire(
            process.name, process.role == Role::panel ? 'p' : 's', incarnation);
        if (!made) return made.error();
        wire = std::move(made->socket);
        process.wire_path = made->path;
    }
    const bool service = process.role == Role::service;
    auto launched =
        service ? launch_service(process, shared, wire) : launch_role(process, shared, now_ns);
    if (!launched) return launched;
    process.started_ns = process.heard_ns = now_ns;
    process.asked_to_restart = false;
    process.stuck_by_ns = 0;
    process.ready = service;  // a service has no control socket to say so on
    process.state = service ? control::RoleState::running : control::RoleState::starting;
    if (service) return {};
    Queued item = start_message(process, shared, std::move(wire));
    if (!post(process, item.message, std::move(item.fds)))
        return base::Error{"closed", "it ended at once"};
    return {};
}

control::Message row_message(const Process& process) {
    control::Message message;
    message.kind = control::Kind::role;
    message.set_name(process.row_name());
    message.value = {process.pid, static_cast<int64_t>(process.state), process.restarts, 0};
    message.incarnation = process.incarnation;
    return message;
}

control::Message plug_message(const Process& process, bool plugged) {
    control::Message message;
    message.kind = plugged ? control::Kind::plug : control::Kind::unplug;
    message.set_name(process.peer_name());
    message.set_text(process.wire_path);
    message.incarnation = process.incarnation;
    return message;
}

}  // namespace bw::supervisor
