// SPDX-License-Identifier: Apache-2.0
// Stands in for every role in tree_test.py: speaks control as a role does, writes what it is told,
// one line each, to FAKE_DIR/ROLE.log, and obeys files in FAKE_DIR:
//   mute-ROLE     no beats          deaf-ROLE   does not end when asked
//   die-ROLE      ends at once      restart     the hub asks to restart what it names, and removes
//   it unready-ROLE  no wall_ready  grow        media: the next incarnation takes so many MiB
//   left          media: who was told to retire may end
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/control/arguments.h"
#include "core/control/message.h"

namespace {

using namespace bw::control;
namespace fs = std::filesystem;

struct Fake {
    std::string role;
    fs::path folder;

    void note(const std::string& line) const {
        // One write of a short line with O_APPEND: lines of many processes do not mix.
        std::ofstream(folder / (role + ".log"), std::ios::app)
            << (std::to_string(getpid()) + " " + line + "\n");
    }
    [[nodiscard]] bool told(const std::string& what) const {
        return fs::exists(folder / (what + "-" + role));
    }
};

std::string describe(const Received& received) {
    const Message& m = received.message;
    std::string text =
        std::to_string(static_cast<uint32_t>(m.kind)) + " name=" + std::string(m.name_view()) +
        " text=" + std::string(m.text_view()) + " incarnation=" + std::to_string(m.incarnation) +
        " value=" + std::to_string(m.value[0]) + "," + std::to_string(m.value[1]) + "," +
        std::to_string(m.value[2]) + " inodes=";
    for (const auto& fd : received.fds) {
        struct stat info {};
        fstat(fd.get(), &info);
        text += std::to_string(info.st_ino) + ",";
    }
    return text;
}

void tell(Channel& channel, Kind kind, const std::string& text = "") {
    Message message;
    message.kind = kind;
    message.set_text(text);
    message.set_name(text);
    (void)channel.send(message);
}

int service(const Fake& fake) {
    int listening = 0;
    socklen_t size = sizeof listening;
    getsockopt(3, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size);
    const char* path = std::getenv("BEACONWALL_WIRE_PATH");  // NOLINT(concurrency-mt-unsafe)
    const char* number = std::getenv("BEACONWALL_WIRE_FD");  // NOLINT(concurrency-mt-unsafe)
    if (fork() == 0) {
        prctl(PR_SET_NAME, "grandchild");
        fake.note("grandchild");
        for (;;) pause();
    }
    fake.note("service listening=" + std::to_string(listening) + " fd=" + (number ? number : "") +
              " path=" + (path ? path : ""));
    if (fake.told("deaf")) signal(SIGTERM, SIG_IGN);
    for (;;) pause();
}

int orphan(const Fake& fake, const Arguments& arguments) {
    fake.note("orphan");
    for (;;) {
        std::string pid;
        std::ifstream(arguments.run_dir / "compositor.drawn") >> pid;
        if (!pid.empty() && pid != std::to_string(getpid())) break;
        poll(nullptr, 0, 20);
    }
    fake.note("left");
    return 0;
}

void begin(const Fake& fake, Channel& channel, const Arguments& arguments) {
    tell(channel, Kind::ready);
    if (fake.role == "console") tell(channel, Kind::address, "http://127.0.0.1:1/");
    if (fake.role != "compositor") return;
    std::ofstream(arguments.run_dir / "compositor.drawn") << getpid();
    if (!fake.told("unready")) tell(channel, Kind::wall_ready);
}

/// Only one incarnation grows.
std::vector<char> grown(const Fake& fake) {
    size_t mib = 0;
    if (!(std::ifstream(fake.folder / "grow") >> mib)) return {};
    if (!fake.told("again")) fs::remove(fake.folder / "grow");
    return std::vector<char>(mib << 20, 1);
}

int role(const Fake& fake, int argc, char** argv) {
    auto arguments = parse_arguments(argc, argv);
    if (fake.role == "panel") {  // most begin as a spare one
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        pollfd told{kControlFd, POLLIN, 0};
        poll(&told, 1, -1);
    }
    auto joined = join_supervisor(fake.role == "compositor");
    if (!joined || !arguments) return 9;
    Channel& channel = joined->first;
    fake.note(describe(joined->second));
    begin(fake, channel, *arguments);
    Beat beat;
    const std::vector<char> memory = fake.role == "media" ? grown(fake) : std::vector<char>();
    bool retired = false;
    for (;;) {
        if (retired && fs::exists(fake.folder / "left")) return 0;
        if (!fake.told("mute")) beat.tick(channel);
        pollfd wait{channel.fd(), POLLIN, 0};
        poll(&wait, 1, 50);
        if (fake.told("die")) return 3;
        std::string wish;
        if (fake.role == "hub" && std::ifstream(fake.folder / "restart") >> wish) {
            fs::remove(fake.folder / "restart");
            tell(channel, Kind::restart, wish);
        }
        auto received = channel.receive();
        while (received) {
            fake.note(describe(*received));
            retired = retired || received->message.kind == Kind::retire;
            if (received->message.kind == Kind::stop && !fake.told("deaf")) return 0;
            received = channel.receive();
        }
        if (received.error().code != "empty")
            return fake.role == "compositor" ? orphan(fake, *arguments) : 0;
    }
}

}  // namespace

int main(int argc, char** argv) {
    Fake fake;
    fake.role = fs::path(argv[0]).filename().string();
    const std::string prefix = "beaconwall-";
    const bool ours = fake.role.rfind(prefix, 0) == 0;
    if (ours) fake.role = fake.role.substr(prefix.size());
    const char* folder = std::getenv("FAKE_DIR");  // NOLINT(concurrency-mt-unsafe)
    fake.folder = folder ? folder : ".";
    if (fake.role == "glyphs") {
        fake.note("bake " + std::string(argv[2]));
        if (fake.told("die")) return 1;
        std::ofstream out(argv[1]);
        out << std::string(5000, 'g');
        return out.flush() ? 0 : 1;
    }
    return ours ? role(fake, argc, argv) : service(fake);
}
