// SPDX-License-Identifier: Apache-2.0
#include "rig.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/base/clock.h"
#include "tests/sdk/fake_host.h"

namespace bw::test {
namespace {

void must(bool good, const char* what) {
    if (good) return;
    std::perror(what);
    std::abort();
}

base::UniqueFd listen_at(const std::string& path) {
    base::UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    must(bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "bind");
    must(::listen(fd.get(), 8) == 0, "listen");
    return fd;
}

pid_t spawn(const std::filesystem::path& program, int control_fd) {
    pid_t pid = fork();
    if (pid != 0) return pid;
    // dup2 onto itself would keep close-on-exec.
    if (control_fd == control::kControlFd) control_fd = dup(control_fd);
    dup2(control_fd, control::kControlFd);
    execl(program.c_str(), program.c_str(), nullptr);
    _exit(127);
}

}  // namespace

std::filesystem::path build_folder() {
    const char* build = std::getenv("BEACONWALL_BUILD");
    return build != nullptr ? build : ".";
}

Rig::Rig(const std::filesystem::path& library) {
    static std::atomic<int> number = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("bw-panel-test-" + std::to_string(getpid()) + "-" + std::to_string(++number));
    std::filesystem::create_directories(folder_);
    std::string path = (folder_ / "wire.sock").string();
    base::UniqueFd wire = listen_at(path);
    hub = std::make_unique<LittleHub>(path);
    auto pair = base::packet_pair();
    must(pair.ok(), "packet_pair");
    pid = spawn(build_folder() / "libexec/beaconwall-panel", pair->second.get());
    must(pid > 0, "fork");
    pair->second.reset();
    channel = std::make_unique<control::Channel>(std::move(pair->first));

    base::UniqueFd atlas = baked_atlas(1.0);
    control::Message start;
    start.kind = control::Kind::start;
    start.set_name("test");
    start.set_text(library.string());
    start.set_aux(path);
    start.value[0] = 1;
    int fds[] = {atlas.get(), wire.get()};
    must(channel->send(start, fds).ok(), "start");
}

Rig::~Rig() {
    if (!exit_code_) {
        kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
    }
    std::error_code none;
    std::filesystem::remove_all(folder_, none);
}

void Rig::read_control() {
    while (true) {
        auto received = channel->receive();
        if (!received) return;
        const control::Message& message = received->message;
        if (message.kind == control::Kind::ready) ready = true;
        if (message.kind == control::Kind::beat) ++beats;
        if (message.kind == control::Kind::beat && received->fds.size() == 1)
            refusals_ = std::make_unique<sandbox::Refusals>(std::move(received->fds.front()));
        if (message.kind == control::Kind::stuck) ++stuck;
        if (message.kind == control::Kind::crashed) crashed = static_cast<int>(message.value[0]);
        if (message.kind == control::Kind::failed) failure = message.text_view();
    }
}

void Rig::read_link() {
    while (consumer) {
        auto received = consumer->receive();
        if (!received) return;
        if (received->header.kind != surface::Kind::refuse) continue;
        std::string text(reinterpret_cast<const char*>(received->body.data()),
                         received->body.size());
        refusals.push_back(
            {received->header.surface, static_cast<surface::Reason>(received->header.value), text});
    }
}

void Rig::read_refusals() {
    if (!refusals_) return;
    pollfd waiting{refusals_->fd(), POLLIN, 0};
    while (poll(&waiting, 1, 0) > 0 && (waiting.revents & POLLIN) != 0)
        if (auto call = refusals_->next()) refused.push_back(std::move(*call));
}

void Rig::turn() {
    hub->turn();
    read_control();
    read_refusals();
    read_link();
    pollfd waits[] = {{channel->fd(), POLLIN, 0}, {consumer ? consumer->fd() : -1, POLLIN, 0}};
    (void)poll(waits, 2, 5);  // the hub's socket has no plain descriptor: look again soon
}

bool Rig::until(const std::function<bool()>& done) {
    int64_t deadline = base::mono_ns() + 40 * base::kSecond;
    while (!done()) {
        if (base::mono_ns() > deadline) return false;
        turn();
    }
    return true;
}

void Rig::turn_for(int64_t ms) {
    int64_t end = base::mono_ns() + ms * base::kMillisecond;
    while (base::mono_ns() < end) turn();
}

void Rig::link() {
    auto fds = surface::make_link(surface::kPanelArenaBytes);
    must(fds.ok(), "make_link");
    control::Message message;
    message.kind = control::Kind::link;
    message.set_name("compositor:main");
    message.value[0] = static_cast<int64_t>(control::Direction::produce);
    message.value[1] = surface::kPanelArenaBytes;
    int send[] = {fds->producer_socket.get(), fds->arena.get(), fds->page.get()};
    must(channel->send(message, send).ok(), "link");
    auto opened = surface::Consumer::open(std::move(fds->consumer_socket), std::move(fds->arena),
                                          std::move(fds->page), surface::kTextureHeapBytes);
    must(opened.ok(), "Consumer::open");
    consumer = std::move(*opened);
}

uint32_t Rig::configure(const std::string& pane, const std::string& panel, uint32_t width,
                        uint32_t height, const std::string& settings, const std::string& keepouts) {
    const nlohmann::json json = {{"pane", pane},
                                 {"panel", panel},
                                 {"settings", nlohmann::json::parse(settings)},
                                 {"keepouts", nlohmann::json::parse(keepouts)},
                                 {"space", "live"},
                                 {"language", "zh"}};
    auto surface =
        consumer->configure({width, height, 1.0f, surface::SlotKind::draw_list, 0, json.dump()});
    must(surface.ok(), "configure");
    return *surface;
}

uint32_t Rig::configure_with(const std::string& pane, const std::string& panel,
                             const nlohmann::json& more) {
    nlohmann::json json = {{"pane", pane}, {"panel", panel}, {"language", "zh"}};
    json.update(more);
    auto surface =
        consumer->configure({640, 480, 1.0f, surface::SlotKind::draw_list, 0, json.dump()});
    must(surface.ok(), "configure");
    return *surface;
}

void Rig::input(uint32_t surface, uint32_t type, float x, float y) {
    surface::Input input{type, 1, x, y, 0, 0};
    std::string body(reinterpret_cast<const char*>(&input), sizeof input);
    must(consumer->send(surface::Kind::input, surface, 0, body).ok(), "input");
}

std::optional<surface::DrawList> Rig::take(uint32_t surface) {
    auto picture = consumer->take(surface);
    must(picture.ok(), "take");
    if (!*picture) return std::nullopt;
    auto list = surface::copy_draw_list(**picture);
    if (!list) std::fprintf(stderr, "%s\n", list.error().text.c_str());
    must(list.ok(), "copy_draw_list");
    (void)consumer->send(surface::Kind::taken, surface);
    return std::move(*list);
}

std::optional<surface::DrawList> Rig::picture(
    uint32_t surface, const std::function<bool(const surface::DrawList&)>& wanted) {
    std::optional<surface::DrawList> list;
    bool found = until([&] {
        auto next = take(surface);
        if (next) list = std::move(next);
        return list && wanted(*list);
    });
    return found ? std::move(list) : std::nullopt;
}

std::optional<int> Rig::exit_code() {
    int status = 0;
    if (!exit_code_ && waitpid(pid, &status, WNOHANG) == pid)
        exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return exit_code_;
}

}  // namespace bw::test
