// SPDX-License-Identifier: Apache-2.0
#include "core/console/console.h"

#include <fcntl.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "core/access/operators.h"
#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/config/site.h"
#include "core/console/api.h"
#include "core/console/glib_source.h"
#include "core/console/hub_link.h"
#include "core/console/mirror.h"
#include "core/console/server.h"

namespace bw::console {
namespace {

constexpr uint16_t kDefaultPort = 8780;
constexpr unsigned kBeatMs = 950;

/// Writes a line into a file that only this user reads, whole or not at all.
base::Status write_line(const std::filesystem::path& file, const std::string& text) {
    const std::filesystem::path fresh = file.string() + ".new";
    ::unlink(fresh.c_str());
    const base::UniqueFd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd.valid()) return base::errno_error(fresh.string());
    const std::string line = text + "\n";
    if (::write(fd.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        return base::errno_error(fresh.string());
    }
    if (::rename(fresh.c_str(), file.c_str()) != 0) return base::errno_error(file.string());
    return {};
}

/// The port of this wall's last console, so that an open page finds the next one; else `wished`.
uint16_t port_to_try(const std::filesystem::path& file, int64_t wished) {
    int64_t last = 0;
    if (std::ifstream(file) >> last) wished = last;
    return wished > 0 && wished <= 65535 ? static_cast<uint16_t>(wished) : kDefaultPort;
}

/// Whether the wall has operators. The file is read again only when it is another one.
class OperatorsThere {
  public:
    explicit OperatorsThere(std::filesystem::path folder) : folder_(std::move(folder)) {}
    bool look() {
        struct stat now {};
        if (::stat(access::operators_file(folder_).c_str(), &now) != 0) now = {};
        const auto same = [&](const struct stat& a, const struct stat& b) {
            return a.st_ino == b.st_ino && a.st_size == b.st_size &&
                   a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
        };
        if (known_ && same(now, read_)) return there_;
        const auto people = access::load_operators(folder_);
        there_ = !people || !people->list.empty();
        read_ = now;
        known_ = true;
        return there_;
    }

  private:
    std::filesystem::path folder_;
    struct stat read_ {};
    bool known_ = false, there_ = true;
};

class Console {
  public:
    explicit Console(control::Channel channel) : channel_(std::move(channel)) {}
    base::Status start(const control::Arguments& arguments, const control::Message& start);
    void turn() { g_main_loop_run(loop_.get()); }

  private:
    void read_control();
    void handle(control::Received received);
    void adopt_mirror(control::Received& received);
    void stop() { g_main_loop_quit(loop_.get()); }
    void tell(control::Kind kind, std::string_view text = {});

    control::Channel channel_;
    control::Beat beat_;
    std::unique_ptr<GMainLoop, decltype(&g_main_loop_unref)> loop_{g_main_loop_new(nullptr, FALSE),
                                                                   g_main_loop_unref};
    std::unique_ptr<HubLink> hub_;
    Mirror mirror_;
    std::unique_ptr<Server> server_;
    GlibSource control_, beats_, term_, interrupt_;
};

base::Status Console::start(const control::Arguments& arguments, const control::Message& start) {
    term_ = GlibSource::on_signal(SIGTERM, [this] { stop(); });
    interrupt_ = GlibSource::on_signal(SIGINT, [this] { stop(); });
    auto hub = HubLink::open(arguments.hub_endpoint());
    if (!hub) return hub.error();
    hub_ = std::move(*hub);
    const std::string token = base::random_hex(32);
    if (auto written = write_line(arguments.run_dir / "console.token", token); !written) {
        return written;
    }
    // Faults are others' to report; the words alone are read here.
    const auto site = config::load_site(arguments.site, {});
    const auto port_file = arguments.run_dir / "console.port";
    auto server = Server::listen(*hub_, mirror_, port_to_try(port_file, start.value[0]), token,
                                 wall_json(site.value));
    if (!server) return server.error();
    server_ = std::move(*server);
    server_->need_sign_in_when(
        [there = OperatorsThere(arguments.state_dir)]() mutable { return there.look(); });
    if (auto kept = write_line(port_file, std::to_string(server_->port())); !kept) return kept;
    base::log_info("console at {}", server_->url());
    control_ = GlibSource::readable(channel_.fd(), [this] { read_control(); });
    beats_ = GlibSource::every(kBeatMs, [this] { beat_.tick(channel_); });
    tell(control::Kind::address, server_->url());
    tell(control::Kind::ready);
    return {};
}

void Console::tell(control::Kind kind, std::string_view text) {
    control::Message message;
    message.kind = kind;
    message.set_text(text);
    if (auto sent = channel_.send(message); !sent) {
        base::log_warning("supervisor: {}", sent.error().text);
    }
}

void Console::read_control() {
    while (true) {
        auto received = channel_.receive();
        if (received) {
            handle(std::move(*received));
        } else {
            if (received.error().code != "empty") stop();
            return;
        }
    }
}

void Console::handle(control::Received received) {
    // "compositor" or "compositor:MACHINE"; nobody else makes pictures for us.
    const bool compositor = received.message.name_view().substr(0, 10) == "compositor";
    switch (received.message.kind) {
        case control::Kind::stop:
            stop();
            break;
        case control::Kind::link:
            if (compositor) adopt_mirror(received);
            break;
        case control::Kind::unlink:
            if (compositor) mirror_.lose();
            break;
        default:
            break;  // of other roles
    }
}

void Console::adopt_mirror(control::Received& received) {
    if (received.fds.size() != 3) {
        base::log_error("link with {} descriptors, 3 expected", received.fds.size());
        return;
    }
    auto& fds = received.fds;
    auto adopted = mirror_.adopt(std::move(fds[0]), std::move(fds[1]), std::move(fds[2]));
    if (!adopted) base::log_error("mirror: {}", adopted.error().text);
}

}  // namespace

base::Status run(const control::Arguments& arguments, control::Channel channel,
                 const control::Message& start) {
    Console console(std::move(channel));
    if (auto started = console.start(arguments, start); !started) return started;
    console.turn();
    return {};
}

}  // namespace bw::console
