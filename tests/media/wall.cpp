// SPDX-License-Identifier: Apache-2.0
#include "tests/media/wall.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/packet.h"

namespace bw::media::testing {

using nlohmann::json;

namespace {

std::string built(const char* name) {
    const char* build = std::getenv("BEACONWALL_BUILD");
    return std::string(build != nullptr ? build : "build/dev") + "/" + name;
}

}  // namespace

Child::Child(std::vector<std::string> command, int third, bool keep_output) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    std::vector<char*> argv;
    for (auto& word : command) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (third == 3) fcntl(3, F_SETFD, 0);
        if (third > 3) dup2(third, 3);
        if (keep_output) dup2(ends[1], 1);
        execv(argv[0], argv.data());
        _exit(127);
    }
    close(ends[1]);
    output_.reset(ends[0]);
}

Child& Child::operator=(Child&& other) noexcept {
    end();
    pid_ = std::exchange(other.pid_, -1);
    output_ = std::move(other.output_);
    return *this;
}

void Child::signal(int number) const {
    if (pid_ > 0) kill(pid_, number);
}

void Child::end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(std::exchange(pid_, -1), nullptr, 0);
}

bool Child::running() {
    if (pid_ <= 0) return false;
    if (waitpid(pid_, nullptr, WNOHANG) == 0) return true;
    pid_ = -1;
    return false;
}

std::string Child::line() {
    std::string text;
    char c = 0;
    while (read(output_.get(), &c, 1) == 1 && c != '\n') text += c;
    return text;
}

Camera::Camera(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), built("tests/rtsp_server"));
    process = Child(std::move(arguments), -1, true);
    const std::string line = process.line();
    port = std::atoi(line.substr(line.rfind(' ') + 1).c_str());
}

std::string Camera::uri(const std::string& mount) const {
    return "rtsp://127.0.0.1:" + std::to_string(port) + mount;
}

Wall::Wall() : folder("/tmp/bw-media-" + base::random_hex(4)) {
    std::filesystem::create_directories(folder / "site");
    hub = std::make_unique<FakeHub>("ipc://" + (folder / "hub.sock").string());
    auto pair = base::packet_pair();
    if (!pair) std::abort();
    media = Child({built("libexec/beaconwall-media"), "--site", folder / "site", "--run-dir",
                   folder, "--state-dir", folder / "state"},
                  pair->second.get(), false);
    control_ = std::make_unique<control::Channel>(std::move(pair->first));
    control::Message start;
    start.kind = control::Kind::start;
    start.set_name("media:0");
    (void)control_->send(start);
    new_link();
}

Wall::~Wall() {
    media.end();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

void Wall::new_link() {
    auto fds = surface::make_link(surface::kMediaArenaBytes);
    if (!fds) std::abort();
    control::Message link;
    link.kind = control::Kind::link;
    link.set_name("compositor");
    link.value[0] = static_cast<int64_t>(control::Direction::produce);
    link.value[1] = static_cast<int64_t>(surface::kMediaArenaBytes);
    link.incarnation = ++incarnation_;
    const int sent[] = {fds->producer_socket.get(), fds->arena.get(), fds->page.get()};
    if (!control_->send(link, sent)) std::abort();
    auto opened = surface::Consumer::open(std::move(fds->consumer_socket), std::move(fds->arena),
                                          std::move(fds->page));
    if (!opened) std::abort();
    consumer = std::move(*opened);
}

void Wall::pump() {
    hub->pump();
    while (control_->receive()) {
    }
    while (consumer->receive()) {
    }
}

bool Wall::until(const std::function<bool()>& done, double seconds) {
    const int64_t deadline = base::mono_ns() + static_cast<int64_t>(seconds * 1e9);
    for (;;) {
        pump();
        if (done()) return true;
        if (base::mono_ns() > deadline) return false;
        (void)poll(nullptr, 0, 5);
    }
}

uint32_t Wall::show(const std::string& source, uint32_t width, uint32_t height,
                    surface::SlotKind kind) {
    const json wish = {{"source", source}, {"on_air", true}, {"rate", 30}};
    auto surface = consumer->configure({width, height, 1.0F, kind, 0, wish.dump()});
    return surface ? *surface : ~0U;
}

void Wall::address(const std::string& source, const std::string& uri) {
    address(source, uri, "");
}

void Wall::address(const std::string& source, const std::string& main, const std::string& sub,
                   bool standby) {
    const json record = {{"name", {{"zh", "试验"}, {"en", "trial"}}},
                         {"main", {{"uri", main}}},
                         {"sub", {{"uri", sub}}},
                         {"standby", standby}};
    hub->record("beaconwall.source.v1", source, record.dump());
}

void Wall::record(const std::string& source, const std::string& data) {
    hub->record("beaconwall.source.v1", source, data);
}

bool Wall::take(uint32_t surface) {
    auto taken = consumer->take(surface);
    if (!taken || !*taken) return false;
    picture = **taken;
    return true;
}

surface::SourceState Wall::state(uint32_t surface) const {
    return static_cast<surface::SourceState>(consumer->block(surface).source_state.load());
}

surface::Reason Wall::reason(uint32_t surface) const {
    return static_cast<surface::Reason>(consumer->block(surface).reason.load());
}

int64_t Wall::age_ns(uint32_t surface) const {
    return base::mono_ns() - consumer->block(surface).as_of_ns.load();
}

std::string Wall::report() {
    const std::string nonce = std::to_string(++asked_);
    hub->send("beaconwall.status.ask.v1", "wall", json{{"nonce", nonce}}.dump());
    std::string found;
    until(
        [&] {
            found = hub->newest("beaconwall.media.report.v1", "media:0");
            return found.find("\"nonce\":\"" + nonce + "\"") != std::string::npos;
        },
        5);
    return found;
}

int64_t Wall::from_proc(const std::string& field) const {
    std::ifstream status("/proc/" + std::to_string(media.pid()) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(field + ":")) return std::atoll(line.c_str() + field.size() + 1);
    return -1;
}

}  // namespace bw::media::testing
